import { queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type { gateways } from '#bridge/gateways.ts'
import { AppError } from '#gateway/errors.ts'
import { desktop } from './bridge.ts'
import { queries } from './queries.ts'
import { askSession } from './session.ts'

const app = () => {
  if (!desktop) throw new AppError('unavailable', 'Only the desktop app knows several gateways')
  return desktop.gateways
}

export type Probe = z.output<typeof gateways.probe.output>

/** Gateways that this app remembers. */
export const knownGateways = queryOptions({
  queryKey: ['gateways'],
  queryFn: () => desktop?.gateways.list({}) ?? [],
})

const settle = async () => {
  await queries.invalidateQueries({ queryKey: ['gateways'] })
  await askSession()
}

export const probeGateway = (address: string): Promise<Probe> => app().probe({ address })

export async function trustGateway(address: string, fingerprint: string): Promise<void> {
  const { id } = await app().trust({ address, fingerprint })
  await selectGateway(id)
}

export async function replaceGatewayKey(
  id: string,
  fingerprint: string,
  typedHost: string,
): Promise<void> {
  await app().replaceKey({ id, fingerprint, typedHost })
  await selectGateway(id)
}

export async function selectGateway(id: string): Promise<void> {
  await app().select({ id })
  await settle()
}

export async function forgetGateway(id: string): Promise<void> {
  await app().forget({ id })
  await settle()
}
