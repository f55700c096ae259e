import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron'
import type { Bridge, Reply } from '#bridge'

// A port cannot pass the context bridge, so the window sends it to itself.
ipcRenderer.on('port', (event: IpcRendererEvent, nonce: unknown) => {
  window.postMessage({ gatehousePort: nonce }, 'app://gatehouse', [...event.ports])
})

/** Main always answers with a Reply; what rejects is a name that nobody serves. */
const ask = (channel: string, ...values: unknown[]): Promise<Reply> =>
  (ipcRenderer.invoke(channel, ...values) as Promise<Reply>).catch(() => ({
    ok: false,
    error: { code: 'not_found', message: 'The app does not offer this' },
  }))

const bridge: Bridge = {
  gateway: (name, input) => ask(`gateway:${name}`, input),
  desktop: (name, input) => ask(`desktop:${name}`, input),
  open: (stream, nonce, input) => ask(`stream:${stream}`, nonce, input),
  on: (event, listener) => {
    // The event itself holds ports and a sender: it stays on this side.
    const hear = (_event: IpcRendererEvent, value: unknown) => {
      listener(value)
    }
    ipcRenderer.on(`event:${event}`, hear)
    return () => {
      ipcRenderer.off(`event:${event}`, hear)
    }
  },
}

contextBridge.exposeInMainWorld('bridge', bridge)
