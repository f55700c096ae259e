import type { AdminApi } from '../../support/cluster/admin-api.ts'

/** Numbers that come again with the same seed. */
export type Random = (below: number) => number

export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below)
  }
}

export interface CrowdOptions {
  readonly api: AdminApi
  readonly random: Random
  readonly namespaces: readonly string[]
  readonly node: string
}

/** Thousands of objects that come, change and go. */
export class Crowd {
  readonly #options: CrowdOptions
  #names = 0
  #operations = 0
  #running: Promise<unknown> | undefined
  #stopping = false

  constructor(options: CrowdOptions) {
    this.#options = options
  }

  get operations(): number {
    return this.#operations
  }

  async make(count: number): Promise<void> {
    const left = Array.from({ length: count }, (_, n) => n)
    const maker = async () => {
      for (let n = left.pop(); n !== undefined; n = left.pop()) await this.#create(n % 10 === 0)
    }
    await Promise.all(Array.from({ length: 32 }, maker))
  }

  /** Changes something all the time, until `quiesce`; what fails while the cluster is away is no matter. */
  run(): void {
    this.#stopping = false
    const changer = async () => {
      while (!this.#stopping) {
        await this.#change().catch(() => new Promise((resolve) => setImmediate(resolve)))
        this.#operations += 1
      }
    }
    this.#running = Promise.all(Array.from({ length: 6 }, changer))
  }

  async quiesce(): Promise<void> {
    this.#stopping = true
    await this.#running
  }

  readonly #alive: { readonly path: string; readonly isPod: boolean }[] = []

  async #create(isPod: boolean): Promise<void> {
    const { api, random, namespaces, node } = this.#options
    const name = `it-${(this.#names += 1)}`
    const resource = isPod ? 'pods' : 'configmaps'
    const path = `/api/v1/namespaces/${namespaces[random(namespaces.length)] ?? ''}/${resource}`
    const metadata = { name, labels: { color: ['red', 'green', 'blue'][random(3)] } }
    const body = isPod
      ? {
          metadata,
          spec: {
            nodeName: node,
            terminationGracePeriodSeconds: 0,
            containers: [{ name: 'main', image: 'x' }],
          },
        }
      : { metadata, data: { [`k${random(9)}`]: `${random(1000)}` } }
    await api.want(path, { method: 'POST', body })
    this.#alive.push({ path: `${path}/${name}`, isPod })
  }

  async #change(): Promise<void> {
    const { api, random } = this.#options
    const dice = random(10)
    if (dice < 3 || this.#alive.length === 0) return this.#create(random(8) === 0)
    const at = random(this.#alive.length)
    const chosen = this.#alive[at]
    if (!chosen) return
    if (dice < 6) {
      this.#alive.splice(at, 1)
      await api.want(chosen.path, { method: 'DELETE' })
      return
    }
    const labels = { color: ['red', 'green', 'blue', null][random(4)] }
    await api.want(chosen.path, {
      method: 'PATCH',
      body: { metadata: { labels }, ...(!chosen.isPod && { data: { [`k${random(9)}`]: 'new' } }) },
      headers: { 'content-type': 'application/merge-patch+json' },
    })
  }
}
