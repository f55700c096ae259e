import type { WatchedView } from './watched-view.ts'

/** Milliseconds of each answer. */
export interface Answers {
  readonly sort: readonly number[]
  readonly filter: readonly number[]
  readonly status: readonly number[]
  readonly window: readonly number[]
}

/** What people do with a list, one thing after another, each once what came before it is shown. */
export async function askAround(view: WatchedView): Promise<Answers> {
  const after = async (ask: () => Promise<number>) => {
    // Updates keep a distance, and nobody asks twice in a tenth of a second.
    await new Promise<void>((resolve) => setTimeout(resolve, 150))
    return ask()
  }
  const all = async (questions: readonly Parameters<WatchedView['ask']>[0][]) => {
    const times: number[] = []
    for (const it of questions) times.push(await after(() => view.ask(it)))
    return times
  }
  const by = (column: string, descending = false) => ({ sort: [{ column, descending }] })
  const sort = await all([
    by('status'),
    by('restarts', true),
    by('node'),
    by('age'),
    by('name', true),
    by('namespace'),
    {
      sort: [
        { column: 'status', descending: false },
        { column: 'node', descending: true },
      ],
    },
    { sort: [] },
  ])
  const filter = await all([
    { text: 'check' },
    { text: 'checkout team-1' },
    { text: '!mail /led?ger-/' },
    { text: 'nothing has this' },
    { text: '', labels: 'tier=front,app.kubernetes.io/name in (search,media)' },
    { labels: '' },
  ])
  const status = await all([
    { statuses: ['CrashLoopBackOff'] },
    { statuses: ['ImagePullBackOff', 'Error'] },
    { statuses: ['Running'] },
  ])
  await after(() => view.ask({ statuses: ['Running'], sort: [] }))
  const window: number[] = []
  const total = view.last?.total ?? 0
  for (const part of [0.1, 0.5, 0.9, 0.3, 0])
    window.push(await after(() => view.move(Math.floor(total * part), 100)))
  return { sort, filter, status, window }
}
