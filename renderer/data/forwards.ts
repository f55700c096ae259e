import { queryOptions } from '@tanstack/react-query'
import { AppError } from '#gateway/errors.ts'
import type { Place } from '#gateway/place.ts'
import { desktop, onDesktop } from './bridge.ts'
import { queries } from './queries.ts'

const key = ['forwards'] as const

/** Local ports that lead into pods; main says when one changes. */
export const allForwards = queryOptions({
  queryKey: key,
  queryFn: () => desktop?.forwards.list({}) ?? [],
  staleTime: Infinity,
})

export const followForwards = (): (() => void) =>
  onDesktop('forwards', (forwards) => {
    queries.setQueryData(key, forwards)
  })

interface ForwardAsk extends Place {
  readonly namespace: string
  readonly pod: string
  readonly port: number
  readonly localPort?: number
}

export async function startForward(ask: ForwardAsk) {
  if (!desktop) throw new AppError('unavailable', 'Only the desktop app can forward ports')
  const forward = await desktop.forwards.start(ask)
  await queries.invalidateQueries({ queryKey: key })
  return forward
}

export async function stopForward(id: string): Promise<void> {
  await desktop?.forwards.stop({ id })
  await queries.invalidateQueries({ queryKey: key })
}
