import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { WebContents, WebFrameMain } from 'electron'
import type { Reply } from '#bridge'
import type { Asking, Contents, Frame } from '../../main/bridge/sender.ts'
import type { Ipc } from '../../main/bridge/serve.ts'
import type { WindowPort } from '../../main/bridge/stream-port.ts'

/** A page of a window as main sees it, which can also be wrong in every way a page can be. */
export interface TestPage extends Contents {
  destroyed: boolean
  url: string
  /** An event of its main frame. */
  event(): Asking
  /** An event of a frame inside it. */
  innerEvent(): Asking
  /** One whose frame has gone meanwhile. */
  lateEvent(): Asking
}

let pages = 0

export function makePage(url = 'app://gatehouse/index.html#/'): TestPage {
  const frame = {
    get url() {
      return page.url
    },
  }
  const page: TestPage = {
    id: (pages += 1),
    url,
    destroyed: false,
    isDestroyed: () => page.destroyed,
    get mainFrame() {
      if (page.destroyed) throw new TypeError('Object has been destroyed')
      return frame
    },
    event: () => ({ sender: page, senderFrame: frame }),
    innerEvent: () => ({ sender: page, senderFrame: { url: page.url } }),
    lateEvent: () => ({ sender: page, senderFrame: null }),
  }
  return page
}

type Fits<T extends U, U> = T
/**
 * Electron's own objects must fit what the tests stand in for: that this compiles is the check.
 * @public
 */
export type Checked = [Fits<WebContents, Contents>, Fits<WebFrameMain, Frame>]

/** ipcMain as far as the bridge knows it: one handler for each channel, asked with an event. */
export interface TestIpc extends Ipc {
  readonly channels: readonly string[]
  invoke(event: Asking, channel: string, ...values: unknown[]): Promise<Reply>
}

export function makeIpc(): TestIpc {
  const handlers = new Map<string, Parameters<Ipc['handle']>[1]>()
  return {
    get channels() {
      return [...handlers.keys()]
    },
    handle(channel, listener) {
      if (handlers.has(channel)) throw new Error(`${channel} has a handler already`)
      handlers.set(channel, listener)
    },
    invoke(event, channel, ...values) {
      const handler = handlers.get(channel)
      if (!handler) return Promise.reject(new Error(`No handler registered for '${channel}'`))
      return handler(event, ...(structuredClone(values) as unknown[]))
    },
  }
}

/** The page's end of a port, with everything that arrived on it. */
export interface PagePort {
  readonly port: MessagePort
  readonly texts: unknown[]
  readonly bytes: Uint8Array[]
  readonly closed: Promise<void>
  say(message: unknown): void
  /** Resolves with the first message that fits. */
  until(fits: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>
}

/** Electron's MessageChannelMain by Node's, which clones and closes the same way. */
export function makeChannel(): { readonly mine: WindowPort; readonly page: PagePort } {
  const { port1, port2 } = new MessageChannel()
  return { mine: asWindowPort(port1), page: asPagePort(port2) }
}

function asWindowPort(port: MessagePort): WindowPort {
  const waiting: unknown[] = []
  let listen: ((message: unknown) => void) | undefined
  let started = false
  port.on('message', (message: unknown) => {
    if (started) listen?.(message)
    else waiting.push(message)
  })
  return {
    post: (message) => {
      port.postMessage(message)
    },
    onMessage: (listener) => {
      listen = listener
    },
    onClose: (listener) => void port.on('close', listener),
    start: () => {
      started = true
      for (const message of waiting.splice(0)) listen?.(message)
    },
    close: () => {
      port.close()
    },
  }
}

function asPagePort(port: MessagePort): PagePort {
  const texts: unknown[] = []
  const bytes: Uint8Array[] = []
  let wake: () => void = () => undefined
  port.on('message', (message: unknown) => {
    if (typeof message === 'string') texts.push(JSON.parse(message))
    else bytes.push(message as Uint8Array)
    wake()
  })
  const closed = new Promise<void>((resolve) => {
    port.on('close', () => {
      resolve()
      wake()
    })
  })
  return {
    port,
    texts,
    bytes,
    closed,
    say: (message) => {
      port.postMessage(typeof message === 'object' ? JSON.stringify(message) : message)
    },
    async until(fits) {
      for (;;) {
        const found = (texts as Record<string, unknown>[]).find(fits)
        if (found) return found
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}
