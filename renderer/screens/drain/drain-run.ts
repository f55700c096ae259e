import type { z } from 'zod'
import { toErrorBody } from '#gateway/errors.ts'
import type { DrainItem, nodes } from '#gateway/nodes.ts'

export type DrainPod = z.output<typeof DrainItem>
type Evicted = z.output<typeof nodes.evict.output>

export type PodState =
  | { readonly status: 'waiting' }
  | { readonly status: 'evicting' }
  /** A disruption budget holds it; tried again then. */
  | { readonly status: 'blocked'; readonly reason: string; readonly againAt: number }
  | { readonly status: 'evicted' }
  | { readonly status: 'gone' }
  | { readonly status: 'failed'; readonly reason: string }

export interface DrainState {
  readonly status: 'cordoning' | 'draining' | 'drained' | 'stopped' | 'failed'
  readonly reason: string | undefined
  readonly pods: ReadonlyMap<string, PodState>
}

export interface DrainParts {
  cordon(): Promise<unknown>
  evict(pod: DrainPod): Promise<Evicted>
  now(): number
  after(milliseconds: number, work: () => void): () => void
}

/** So many evictions at a time; the cluster has other work. */
const atOnce = 5
const backOff = { factor: 1.5, longest: 30_000, least: 1_000 } as const

/** Drains a node: cordons it, then evicts, patiently where a budget holds a pod. */
export class DrainRun {
  readonly #parts: DrainParts
  readonly #pods: readonly DrainPod[]
  readonly #states = new Map<string, PodState>()
  readonly #attempts = new Map<string, number>()
  readonly #listeners = new Set<() => void>()
  readonly #cancels = new Map<string, () => void>()
  #running = 0
  #state: DrainState

  constructor(pods: readonly DrainPod[], parts: DrainParts) {
    this.#parts = parts
    this.#pods = pods
    for (const { uid } of pods) this.#states.set(uid, { status: 'waiting' })
    this.#state = { status: 'cordoning', reason: undefined, pods: new Map(this.#states) }
    void this.#start()
  }

  readonly state = (): DrainState => this.#state

  readonly listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  /** No further pod is evicted; what was asked already cannot be taken back. */
  stop(): void {
    for (const cancel of this.#cancels.values()) cancel()
    this.#cancels.clear()
    if (this.#state.status === 'cordoning' || this.#state.status === 'draining')
      this.#say('stopped')
  }

  async #start(): Promise<void> {
    try {
      await this.#parts.cordon()
    } catch (error) {
      if (this.#state.status === 'cordoning') this.#say('failed', toErrorBody(error).message)
      return
    }
    if (this.#state.status !== 'cordoning') return
    this.#say('draining')
    this.#next()
  }

  #next(): void {
    if (this.#state.status !== 'draining') return
    for (const pod of this.#pods) {
      if (this.#running >= atOnce) return
      if (this.#states.get(pod.uid)?.status === 'waiting') void this.#evict(pod)
    }
    const over = [...this.#states.values()].every(
      ({ status }) => status === 'evicted' || status === 'gone' || status === 'failed',
    )
    if (over) this.#say('drained')
  }

  async #evict(pod: DrainPod): Promise<void> {
    this.#running += 1
    this.#set(pod, { status: 'evicting' })
    try {
      this.#settle(pod, await this.#parts.evict(pod))
    } catch (error) {
      this.#set(pod, { status: 'failed', reason: toErrorBody(error).message })
    }
    this.#running -= 1
    this.#next()
  }

  #settle(pod: DrainPod, answer: Evicted): void {
    if (answer.status !== 'blocked') return this.#set(pod, { status: answer.status })
    const attempt = this.#attempts.get(pod.uid) ?? 0
    this.#attempts.set(pod.uid, attempt + 1)
    const asked = Math.max(backOff.least, answer.retryAfter * 1000)
    const delay = Math.min(backOff.longest, asked * backOff.factor ** attempt)
    const againAt = this.#parts.now() + delay
    this.#set(pod, { status: 'blocked', reason: answer.reason, againAt })
    if (this.#state.status !== 'draining') return
    const cancel = this.#parts.after(delay, () => {
      this.#cancels.delete(pod.uid)
      this.#set(pod, { status: 'waiting' })
      this.#next()
    })
    this.#cancels.set(pod.uid, cancel)
  }

  #set({ uid }: DrainPod, state: PodState): void {
    this.#states.set(uid, state)
    this.#say(this.#state.status, this.#state.reason)
  }

  #say(status: DrainState['status'], reason?: string): void {
    this.#state = { status, reason, pods: new Map(this.#states) }
    for (const tell of this.#listeners) tell()
  }
}
