import { ipcMain, MessageChannelMain, type WebFrameMain } from 'electron'
import type { Frame } from '../bridge/sender.ts'
import type { Ipc } from '../bridge/serve.ts'
import type { WindowPort } from '../bridge/stream-port.ts'

export const ipc: Ipc = ipcMain

/** Makes a channel and posts one end to a frame; preload hands it on to the page. */
export function connectFrame(frame: Frame, nonce: string): WindowPort {
  const { port1: mine, port2: theirs } = new MessageChannelMain()
  // The frame is the one that asked, and was compared with its window's main frame.
  const page = frame as WebFrameMain
  page.postMessage('port', nonce, [theirs])
  return {
    post(message) {
      mine.postMessage(message)
    },
    onMessage(listener) {
      mine.on('message', ({ data }) => {
        listener(data)
      })
    },
    onClose: (listener) => void mine.on('close', listener),
    start() {
      mine.start()
    },
    close() {
      mine.close()
    },
  }
}
