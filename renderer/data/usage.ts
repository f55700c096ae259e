import type { z } from 'zod'
import type { metrics, Usage } from '#gateway/metrics.ts'

/** What something used at a moment, in thousandths of a CPU and in bytes. */
export interface UsageSample {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly cpu: number
  readonly memory: number
}

export interface ObjectUsage {
  /** Why nobody measures; nothing when it is measured. */
  readonly unavailable: string | undefined
  readonly latest: Usage | undefined
  /** Oldest first, since somebody looks at it: nobody keeps them longer. */
  readonly samples: readonly UsageSample[]
}

/** Half an hour, when each question finds a new measurement. */
const mostSamples = 120

export function withSample(
  before: ObjectUsage | undefined,
  name: string,
  answer: z.output<typeof metrics.nodes.output>,
): ObjectUsage {
  const samples = before?.samples ?? []
  if (answer.status === 'unavailable')
    return { unavailable: answer.reason, latest: undefined, samples }
  const latest = answer.items.find((it) => it.name === name)
  const at = Date.parse(answer.at)
  // Asked oftener than it is measured, the same measurement comes again.
  const isNew = latest !== undefined && at > (samples.at(-1)?.at ?? 0)
  return {
    unavailable: undefined,
    latest,
    samples: isNew
      ? [...samples, { at, cpu: latest.cpu, memory: latest.memory }].slice(-mostSamples)
      : samples,
  }
}
