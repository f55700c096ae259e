import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Part } from './run.ts'

/** A port of 127.0.0.1 that is free at this moment; the wanted one when it is free. */
export async function freePort(wanted?: number): Promise<number> {
  const server = createServer()
  try {
    server.listen(wanted ?? 0, '127.0.0.1')
    await once(server, 'listening')
  } catch (error) {
    if (wanted === undefined) throw error
    return freePort()
  }
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('No port was given')
  return address.port
}

/** Somebody else may take the port before the program does: then it is tried again with another one. */
export async function startOnPort<T extends { readonly part: Part }>(
  start: (port: number) => Promise<T>,
  wanted?: number,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await freePort(attempt === 1 ? wanted : undefined))
    } catch (error) {
      const taken = error instanceof Error && /address already in use/.test(error.message)
      if (!taken || attempt === 5) throw error
    }
  }
}
