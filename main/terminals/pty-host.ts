// The process that holds one local terminal, so that a stuck one never stops the app. It is told by its
// parent what to run, and it ends with the shell, or with its parent.
import { spawn, type IPty } from 'node-pty'
import type { FromPtyHost, ToPtyHost } from './pty-protocol.ts'

/** Bytes on their way to the window before the shell has to wait, and when it may go on. */
const window = { full: 256 * 1024, empty: 128 * 1024 }

interface Parent {
  post(message: FromPtyHost): void
  listen(hear: (message: ToPtyHost) => void): void
}

/** Electron's utility process has a port; in a test it is a child of Node. */
interface UtilityProcess {
  readonly parentPort?: {
    postMessage(message: FromPtyHost): void
    on(event: 'message', listener: (event: { data: ToPtyHost }) => void): void
  }
}

const parent = findParent()
let terminal: IPty | undefined
let underWay = 0
let isPaused = false
let collected: Uint8Array[] = []

parent.listen((message) => {
  if (message.type === 'start') start(message)
  else if (message.type === 'write') write(message.bytes)
  else if (message.type === 'resize') terminal?.resize(message.columns, message.rows)
  else acknowledge(message.count)
})

function start({ program, args, folder, env, columns, rows }: ToPtyHost & { type: 'start' }): void {
  if (terminal) return
  try {
    terminal = spawn(program, [...args], {
      name: 'xterm-256color',
      cwd: folder,
      env: { ...env },
      cols: columns,
      rows,
      // Bytes, so that a character cut in two is put together in the window and nowhere before.
      encoding: null,
    })
  } catch (error) {
    finish({ type: 'failed', reason: error instanceof Error ? error.message : String(error) })
    return
  }
  parent.post({ type: 'started' })
  terminal.onData((data: string | Uint8Array) => collect(Buffer.from(data as Uint8Array)))
  terminal.onExit(({ exitCode, signal }) => {
    flush()
    finish({ type: 'exit', code: exitCode, signal: signal || undefined })
  })
}

/** Bytes as they are: the declaration knows strings only, the socket behind it takes both. */
const write = (bytes: Uint8Array) => terminal?.write(Buffer.from(bytes) as unknown as string)

/** What comes in one turn travels as one message. */
function collect(bytes: Uint8Array): void {
  if (collected.length === 0) setImmediate(flush)
  collected.push(bytes)
}

function flush(): void {
  if (collected.length === 0) return
  const bytes = new Uint8Array(Buffer.concat(collected))
  collected = []
  underWay += bytes.length
  parent.post({ type: 'output', bytes })
  if (underWay < window.full || isPaused) return
  isPaused = true
  terminal?.pause()
}

function acknowledge(count: number): void {
  underWay = Math.max(0, underWay - count)
  if (!isPaused || underWay > window.empty) return
  isPaused = false
  terminal?.resume()
}

/** The last word has to arrive before the process goes; the parent ends it then, or it does so itself. */
function finish(last: FromPtyHost): void {
  parent.post(last)
  setTimeout(() => process.exit(0), 2_000)
}

function findParent(): Parent {
  const { parentPort } = process as UtilityProcess
  if (parentPort)
    return {
      post: (message) => parentPort.postMessage(message),
      listen: (hear) => parentPort.on('message', ({ data }) => hear(data)),
    }
  process.once('disconnect', () => process.exit(0))
  return {
    post: (message) => process.send?.(message),
    listen: (hear) => process.on('message', (message) => hear(message as ToPtyHost)),
  }
}
