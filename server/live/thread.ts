import { Worker, type Transferable } from 'node:worker_threads'
import type { Logger } from 'pino'
import type { FromEngine, ToEngine } from './messages.ts'

/** The worker thread that decodes, keeps rows and answers views. */
export interface Engine {
  /** Starts it before it is needed. */
  prepare(): void
  post(message: ToEngine, transfer?: readonly Transferable[]): void
  close(): Promise<void>
}

export interface EngineEars {
  message(message: FromEngine): void
  /** It ended by a fault; nothing that it kept is left, and the next message starts another. */
  died(): void
}

/** Rows of half a million objects and what is under way; beyond that the thread ends, not the gateway. */
const megabytes = 3072

export function startEngine(log: Logger, ears: EngineEars): Engine {
  let worker: Worker | undefined
  let closed = false

  function start(): Worker {
    const started = new Worker(new URL('./worker.ts', import.meta.url), {
      name: 'live',
      // It reads no environment and no arguments: nothing that the gateway was started with gets there.
      env: {},
      argv: [],
      resourceLimits: { maxOldGenerationSizeMb: megabytes },
    })
    started.on('message', (message: FromEngine) => {
      if (worker === started) ears.message(message)
    })
    started.on('error', (error) => log.error({ err: error }, 'the live engine failed'))
    started.once('exit', (code) => {
      if (closed || worker !== started) return
      worker = undefined
      log.error({ code }, 'the live engine ended; it is started again when it is needed')
      ears.died()
    })
    started.unref()
    return started
  }

  return {
    prepare() {
      if (!closed) worker ??= start()
    },
    post(message, transfer = []) {
      if (closed) return
      worker ??= start()
      worker.postMessage(message, transfer as Transferable[])
    },
    async close() {
      closed = true
      await worker?.terminate()
    },
  }
}
