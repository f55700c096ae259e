import { lock } from 'proper-lockfile'
import { Refusal } from './refusal.ts'

/**
 * Runs `work` while no other process does so for the same file. A holder that was killed is
 * noticed after five seconds without a sign of life.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const release = await lock(file, {
    realpath: false,
    stale: 5000,
    update: 1000,
    retries: { retries: 400, factor: 1.2, minTimeout: 10, maxTimeout: 150, randomize: true },
    // A machine that slept may lose the lock. The gateway answers the same predecessor alike for a
    // while, so two refreshes at once do no harm.
    onCompromised: () => undefined,
  }).catch((cause: unknown) => {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ELOCKED')) throw cause
    throw new Refusal(`Another program holds ${file}.lock`, { cause })
  })
  try {
    return await work()
  } finally {
    await release().catch(() => undefined)
  }
}
