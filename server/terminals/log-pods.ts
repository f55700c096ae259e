import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import type { Access } from '../access/index.ts'
import { AppError } from '../contract/errors.ts'
import type { Upstreams } from '../proxy/upstream/index.ts'
import { askCluster } from './ask-cluster.ts'
import { LineReader } from './log-lines.ts'
import { readLong, type Tap } from './long-read.ts'
import { asPod, Pod, podsPath } from './pod.ts'

interface Options {
  readonly upstreams: Upstreams
  readonly access: Access
  readonly namespace: string
  readonly selector: string
  readonly auditId: string
  readonly signal: AbortSignal
  /** A pod as it is now; told again whenever it changes. */
  pod(pod: Pod): void
}

/** A page stays below what a room reads of one answer. */
const pageSize = 25
const mostPages = 20
const firstWait = 500
const longestWait = 10_000

const PodList = z.object({
  metadata: z.object({ resourceVersion: z.string(), continue: z.string().optional() }),
  items: z.array(z.unknown()),
})
const WatchEvent = z.object({ type: z.string(), object: z.unknown() })

/** All pods that a selector finds, once. @throws AppError */
export async function listPods(options: Options): Promise<string> {
  let version = ''
  let page: string | undefined
  for (let count = 0; count < mostPages; count += 1) {
    const query = new URLSearchParams({ labelSelector: options.selector, limit: String(pageSize) })
    if (page !== undefined) query.set('continue', page)
    const { upstreams, access, namespace, auditId } = options
    const path = `${podsPath(namespace)}?${query.toString()}`
    const answer = PodList.safeParse(
      await askCluster(upstreams, access, { method: 'GET', path, auditId }),
    )
    if (!answer.success)
      throw new AppError('bad_gateway', 'The cluster sent something that is no list of pods')
    for (const item of answer.data.items) options.pod(asPod(item))
    version = answer.data.metadata.resourceVersion
    page = answer.data.metadata.continue
    if (page === undefined || page === '') break
  }
  return version
}

/** Goes on with what comes after a list, for as long as the signal lets it. */
export async function watchPods(options: Options, from: string): Promise<never> {
  let version = from
  let pause = firstWait
  for (;;) {
    try {
      if (version === '') version = await listPods(options)
      version = await watchOnce(options, version)
      pause = firstWait
    } catch (error) {
      options.signal.throwIfAborted()
      if (!(error instanceof AppError)) throw error
      // Whatever was missed is found by a list.
      version = ''
      pause = Math.min(longestWait, pause * 2)
    }
    const full = pause * (0.5 + Math.random() / 2)
    await wait(full, undefined, { signal: options.signal, ref: false })
  }
}

/** Up to the end of one watch; gives back from where to go on. */
async function watchOnce(options: Options, from: string): Promise<string> {
  const { upstreams, access, namespace, selector, auditId, signal } = options
  let version = from
  const query = new URLSearchParams({
    watch: 'true',
    labelSelector: selector,
    resourceVersion: from,
    allowWatchBookmarks: 'true',
  })
  const reader = new LineReader((_time, text) => {
    const event = WatchEvent.safeParse(parsed(text)).data
    if (event?.type === 'BOOKMARK' || event?.type === 'DELETED') return
    const pod = Pod.safeParse(event?.object).data
    if (event?.type === 'ERROR' || !pod) {
      version = ''
      return
    }
    version = pod.metadata.resourceVersion ?? ''
    options.pod(pod)
  }, longestEvent)
  const tap: Tap = { isHeld: false, onRelease: undefined }
  const path = `${podsPath(namespace)}?${query.toString()}`
  await readLong({ upstreams, access, path, auditId, signal }, tap, {
    started: () => undefined,
    data: (chunk) => reader.push(chunk),
  })
  return version
}

/** Characters of one pod: etcd holds no larger ones. */
const longestEvent = 4 * 1024 * 1024

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
