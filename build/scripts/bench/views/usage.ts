import { readFileSync } from 'node:fs'
import { cpuSeconds } from '../cpu.ts'

export interface Usage {
  /** Processor seconds of all its threads. */
  readonly cpu: number
  /** The most memory that it had at once, in bytes. */
  readonly peak: number
}

/** Looks at a process until it ends or is asked for the last time (Linux). */
export function watchUsage(pid: number): { now(): Usage; end(): Usage } {
  let usage: Usage = { cpu: 0, peak: 0 }
  const look = () => {
    try {
      usage = { cpu: cpuSeconds(pid), peak: Math.max(usage.peak, peakBytes(pid)) }
    } catch {
      // It has ended; what was seen last counts.
    }
    return usage
  }
  const timer = setInterval(look, 20)
  look()
  return {
    now: look,
    end() {
      clearInterval(timer)
      return look()
    },
  }
}

function peakBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024
}
