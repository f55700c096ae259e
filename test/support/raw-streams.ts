import { randomBytes } from 'node:crypto'
import { request } from 'node:https'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { WebSocket } from 'ws'

/** Who opens it, and at which gateway. */
export interface Opener {
  readonly address: string
  readonly caPem: string
  readonly token: string
}

/** One long-lived connection, as its client sees it. */
export interface RawStream {
  /** The moment its connection was gone, by performance.now(). */
  readonly ended: Promise<number>
  readonly isOpen: () => boolean
  /** Sends a line through `cat` on the other side and waits until it is back; exec only. */
  echo(line: string): Promise<void>
  close(): void
}

/** Where a stream begins, and how it is asked for. */
export interface StreamPath {
  /** Below the gateway’s address, with its query. */
  readonly path: string
  /** A WebSocket that is spoken; absent means an answer that never ends, or whatever `upgrade` names. */
  readonly webSocket?: readonly string[]
  /** The head of an upgrade whose protocol nobody speaks here: its connection is what matters. */
  readonly upgrade?: Readonly<Record<string, string>>
}

/** The kinds of streams on one pod, each way in that clients have: six of them. */
export function streamPaths(prefix: string, namespace: string, pod: string): readonly StreamPath[] {
  const inNamespace = `${prefix}/api/v1/namespaces/${namespace}`
  const onPod = `${inNamespace}/pods/${pod}`
  const forward = `${onPod}/portforward?ports=80`
  return [
    { path: `${inNamespace}/pods?watch=1` },
    { path: `${onPod}/log?follow=1` },
    { path: `${onPod}/log?follow=1`, webSocket: ['binary.k8s.io'] },
    { path: execPath(prefix, namespace, pod), webSocket: ['v5.channel.k8s.io'] },
    {
      path: forward,
      upgrade: {
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': randomBytes(16).toString('base64'),
        'sec-websocket-protocol': 'SPDY/3.1+portforward.k8s.io',
      },
    },
    {
      path: forward,
      upgrade: { upgrade: 'SPDY/3.1', 'x-stream-protocol-version': 'portforward.k8s.io' },
    },
  ]
}

// The simulator of nodes leaves what it started when a connection breaks, so it ends by itself.
const command = ['timeout', '90', 'cat'].map((it) => `command=${it}`).join('&')

const execPath = (prefix: string, namespace: string, pod: string) =>
  `${prefix}/api/v1/namespaces/${namespace}/pods/${pod}/exec?${command}&stdin=1&stdout=1`

/** A `cat` in a pod, that says back what it hears. */
export const openCat = (opener: Opener, prefix: string, namespace: string, pod: string) =>
  openStream(opener, {
    path: execPath(prefix, namespace, pod),
    webSocket: ['v5.channel.k8s.io'],
  })

/** Opens this many, the kinds in turn, a few at a time. */
export async function openStreams(
  opener: Opener,
  paths: readonly StreamPath[],
  count: number,
): Promise<RawStream[]> {
  const streams: RawStream[] = []
  let next = 0
  const open = async () => {
    for (let at = next++; at < count; at = next++) {
      const path = paths[at % paths.length]
      if (path) streams.push(await openStream(opener, path))
    }
  }
  await Promise.all(Array.from({ length: 16 }, open))
  return streams
}

/** Resolves when the cluster has agreed to the stream. */
function openStream(opener: Opener, stream: StreamPath): Promise<RawStream> {
  const { path, webSocket } = stream
  return webSocket ? openWebSocket(opener, path, webSocket) : openPlain(opener, stream)
}

function openPlain(opener: Opener, { path, upgrade }: StreamPath): Promise<RawStream> {
  const { promise, resolve, reject } = Promise.withResolvers<RawStream>()
  const { hostname, port } = new URL(opener.address)
  const headers = {
    authorization: `Bearer ${opener.token}`,
    ...(upgrade && { connection: 'Upgrade', ...upgrade }),
  }
  const options = { hostname, port, path, headers, ca: opener.caPem, agent: false }
  const asking = request(options, (response) => {
    if (response.statusCode !== 200 || upgrade) {
      text(response).then((said) => reject(new Error(`${path}: ${said}`)), reject)
      return
    }
    // What is cut off in the middle is no error here: that is what is waited for.
    response.on('error', () => undefined).resume()
    resolve(onSocket(response.socket))
  })
  asking.on('upgrade', (_response, socket) => {
    resolve(onSocket(socket.resume()))
  })
  asking.on('error', reject).end()
  return promise
}

function onSocket(socket: Socket): RawStream {
  socket.on('error', () => undefined)
  return {
    ended: new Promise((resolve) => socket.once('close', () => resolve(performance.now()))),
    isOpen: () => !socket.destroyed,
    echo: () => Promise.reject(new Error('nothing on the other side answers')),
    close: () => socket.destroy(),
  }
}

function openWebSocket(
  opener: Opener,
  path: string,
  protocols: readonly string[],
): Promise<RawStream> {
  const { promise, resolve, reject } = Promise.withResolvers<RawStream>()
  const socket = new WebSocket(
    `${opener.address.replace('https:', 'wss:')}${path}`,
    [...protocols],
    { ca: opener.caPem, headers: { authorization: `Bearer ${opener.token}` } },
  )
  const ended = new Promise<number>((done) => socket.once('close', () => done(performance.now())))
  let heard = ''
  socket.on('message', (data: Buffer) => {
    if (data[0] === 1) heard += data.toString('utf8', 1)
  })
  const stream: RawStream = {
    ended,
    isOpen: () => socket.readyState === WebSocket.OPEN,
    async echo(line) {
      const { promise: back, resolve: isBack, reject: isGone } = Promise.withResolvers<void>()
      const look = () => (heard.includes(line) ? isBack() : undefined)
      const gone = () => isGone(new Error(`the stream ended before "${line}" was back`))
      socket.on('message', look).once('close', gone)
      socket.send(Buffer.concat([Buffer.from([0]), Buffer.from(`${line}\n`)]))
      await back.finally(() => socket.off('message', look).off('close', gone))
    },
    close: () => socket.terminate(),
  }
  socket.once('open', () => resolve(stream))
  socket.on('unexpected-response', (_request, response) => {
    text(response).then((said) => reject(new Error(`${path}: ${said}`)), reject)
  })
  socket.on('error', reject)
  return promise
}
