import type { Page } from '@playwright/test'
import type { Desktop } from './electron/desktop.ts'
import type { Home } from './homes.ts'

/** Gives back all that has passed between the page and what carries its questions. */
export async function recordTraffic({ page, desktop }: Home): Promise<() => Promise<string>> {
  return desktop ? recordMain(desktop) : recordBrowser(page)
}

/** What scripts of the page can see: bodies and messages, both ways. Cookies are none of that. */
function recordBrowser(page: Page): () => Promise<string> {
  const said: string[] = []
  const pending = new Set<Promise<void>>()
  page.on('request', (request) => said.push(request.url(), request.postData() ?? ''))
  page.on('response', (response) => {
    const headers = JSON.stringify(response.headers())
    const reading = response
      .text()
      .then(
        (body) => void said.push(headers, body),
        () => void said.push(headers),
      )
      .finally(() => pending.delete(reading))
    pending.add(reading)
  })
  page.on('websocket', (socket) => {
    const note = ({ payload }: { payload: string | Buffer }) => {
      said.push(typeof payload === 'string' ? payload : payload.toString('latin1'))
    }
    socket.on('framesent', note).on('framereceived', note)
  })
  return async () => {
    await Promise.all(pending)
    return said.join('\n')
  }
}

/** The borders of main: calls, events and ports. The app knows nothing of it. */
async function recordMain({ app }: Desktop): Promise<() => Promise<string>> {
  await app.evaluate(({ BrowserWindow, ipcMain, MessageChannelMain }) => {
    const said: string[] = []
    Object.assign(globalThis, { gatehouseTraffic: said })
    const note = (...values: unknown[]) => {
      for (const value of values) {
        if (typeof value === 'string') said.push(value)
        else if (value instanceof Uint8Array) said.push(Buffer.from(value).toString('latin1'))
        else said.push(JSON.stringify(value) ?? '')
      }
    }
    type Handler = (event: { _reply?: (value: unknown) => void }, ...values: unknown[]) => unknown
    const { _invokeHandlers: handlers } = ipcMain as unknown as {
      _invokeHandlers: Map<string, Handler>
    }
    for (const [channel, handler] of handlers)
      handlers.set(channel, async (event, ...values) => {
        note(channel, ...values)
        const { _reply: reply } = event
        if (reply)
          Object.assign(event, {
            _reply(value: unknown) {
              note(value)
              reply.call(event, value)
            },
          })
        const answer: unknown = await handler(event, ...values)
        note(answer)
        return answer
      })
    for (const { webContents } of BrowserWindow.getAllWindows()) {
      const send = webContents.send.bind(webContents)
      webContents.send = (channel: string, ...values: unknown[]) => {
        note(channel, ...values)
        send(channel, ...(values as []))
      }
    }
    const port = Object.getPrototypeOf(new MessageChannelMain().port1) as {
      postMessage: (value: unknown) => void
      emit: (event: string, ...values: unknown[]) => boolean
    }
    const { postMessage, emit } = port
    port.postMessage = function (value) {
      note(value)
      postMessage.call(this, value)
    }
    port.emit = function (event, ...values) {
      if (event === 'message') note((values[0] as { data: unknown }).data)
      return emit.call(this, event, ...values)
    }
  })
  return () =>
    app.evaluate(() =>
      (globalThis as unknown as { gatehouseTraffic: string[] }).gatehouseTraffic.join('\n'),
    )
}
