import type { Door } from './doors.ts'
import { cpuSeconds } from './cpu.ts'
import { median, type Row } from './table.ts'

interface Load {
  readonly what: string
  readonly goal: string
  readonly path: string
  readonly requests: number
  readonly connections: number
  readonly rounds: number
}

/** Processor time per request in the process between, in turn with `kubectl proxy`, and the ratio of each turn. */
export async function compareRequests(gateway: Door, kubectl: Door, load: Load): Promise<Row[]> {
  const [ours, theirs] = [new Driver(gateway, load), new Driver(kubectl, load)]
  const turns: { ours: number; theirs: number }[] = []
  // The first turn only warms both up.
  for (let round = 0; round <= load.rounds; round += 1) {
    const turn = { ours: await ours.run(), theirs: await theirs.run() }
    if (round > 0) turns.push(turn)
  }
  await Promise.all([ours.close(), theirs.close()])
  const microseconds = (values: number[]) => `${Math.round(median(values) * 1e6)} µs`
  const ratios = turns.map((it) => it.ours / it.theirs)
  return [
    {
      what: load.what,
      gateway: microseconds(turns.map((it) => it.ours)),
      other: microseconds(turns.map((it) => it.theirs)),
      ratio: `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`,
      goal: load.goal,
    },
  ]
}

class Driver {
  readonly #door: Door
  readonly #load: Load
  readonly #pool

  constructor(door: Door, load: Load) {
    this.#door = door
    this.#load = load
    this.#pool = door.pool(load.connections)
  }

  /** Seconds of processor time per request. */
  async run(): Promise<number> {
    const { requests, connections } = this.#load
    const { pid = 0 } = this.#door
    const before = cpuSeconds(pid)
    let left = requests
    const client = async () => {
      while (left-- > 0) await this.#ask()
    }
    await Promise.all(Array.from({ length: connections }, client))
    return (cpuSeconds(pid) - before) / requests
  }

  async #ask(): Promise<void> {
    const { prefix, headers } = this.#door
    const path = prefix + this.#load.path
    const { statusCode, body } = await this.#pool.request({ method: 'GET', path, headers })
    if (statusCode !== 200)
      throw new Error(`${this.#door.name} answered ${statusCode}: ${await body.text()}`)
    await body.dump({ limit: Number.MAX_SAFE_INTEGER })
  }

  close(): Promise<void> {
    return this.#pool.close()
  }
}
