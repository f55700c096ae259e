import type { Target } from './target.ts'

/** Asks clusters whether they live, each one small question at a time, however many want to know. */
export function createProbe(milliseconds: number): (target: Target) => Promise<boolean> {
  const probes = new WeakMap<Target, Promise<boolean>>()
  return (target) => {
    const running = probes.get(target)
    if (running) return running
    const asked = target.isAlive(milliseconds).finally(() => probes.delete(target))
    probes.set(target, asked)
    return asked
  }
}
