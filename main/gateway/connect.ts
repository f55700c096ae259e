import type { X509Certificate } from 'node:crypto'
import { Agent, type AgentOptions } from 'node:https'
import type { Duplex } from 'node:stream'
import * as tls from 'node:tls'
import { AppError } from '#gateway/errors.ts'
import { targetOf } from './address.ts'
import { authorityOf, keyHashOf, type AuthorityVerdict } from './certificate.ts'

/** How a gateway is known: by its key alone, whoever vouches for another one. */
export interface Pin {
  /** SHA-256 of the public key, hex. */
  readonly sha256: string
}

const patience = 10_000

/** The gateway shows another key than the one that was trusted: nothing was sent to it. */
class KeyChanged extends AppError {
  constructor(address: string) {
    super('unavailable', `${address} shows another key than the one you trusted. Nothing was sent`)
  }
}

export interface Shown {
  readonly certificate: X509Certificate
  readonly authority: AuthorityVerdict
  /** Whether the usual rules accept it: authority, name and dates. */
  readonly valid: boolean
}

/**
 * Looks at the certificate and hangs up; not a byte of ours follows the handshake.
 * This file is the only one that lets a handshake pass which the usual rules refuse: here, to look at it,
 * and below, to compare its key.
 */
export async function probe(address: string): Promise<Shown> {
  const socket = await handshake(address)
  try {
    const certificate = certificateOf(socket, address)
    const error = socket.authorized ? undefined : codeOf(socket.authorizationError)
    return { certificate, authority: authorityOf(error, certificate), valid: socket.authorized }
  } finally {
    socket.destroy()
  }
}

/** An open and still silent connection to the key that is trusted. */
export async function connectPinned(address: string, pin: Pin): Promise<tls.TLSSocket> {
  const socket = await handshake(address)
  try {
    if (keyHashOf(certificateOf(socket, address)) !== pin.sha256) throw new KeyChanged(address)
    return socket
  } catch (error) {
    socket.destroy()
    throw error
  }
}

/**
 * Hands out sockets only after the key was compared. Options could not do it: for a certificate that nobody
 * known has signed, Node asks no `checkServerIdentity`, and a listener would come after the first write.
 */
export class PinnedAgent extends Agent {
  readonly #connect: () => Promise<tls.TLSSocket>

  constructor(connect: () => Promise<tls.TLSSocket>, options: AgentOptions) {
    super(options)
    this.#connect = connect
  }

  override createConnection(
    _options: unknown,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    // Where a request says it goes does not matter: this leads to one gateway.
    this.#connect().then(
      (socket) => callback?.(null, socket),
      (error: unknown) => callback?.(error as Error, undefined as never),
    )
  }
}

function handshake(address: string): Promise<tls.TLSSocket> {
  const { host, port, servername } = targetOf(address)
  return new Promise((resolve, reject) => {
    const authorities = systemAuthorities()
    const socket = tls.connect({
      host,
      port,
      servername,
      ALPNProtocols: ['http/1.1'],
      minVersion: 'TLSv1.2',
      ...(authorities && { ca: authorities }),
      rejectUnauthorized: false,
    })
    const timer = setTimeout(() => {
      socket.destroy(new AppError('gateway_timeout', `${address} does not answer`))
    }, patience)
    const fail = (cause: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      reject(cause instanceof AppError ? cause : unreachable(address, cause))
    }
    socket.once('error', fail)
    socket.once('close', () => {
      fail(new Error('hung up'))
    })
    socket.once('secureConnect', () => {
      clearTimeout(timer)
      socket.off('error', fail)
      socket.removeAllListeners('close')
      // Whoever takes it over listens; in between an error must not end the process.
      socket.on('error', () => undefined)
      resolve(socket)
    })
  })
}

function certificateOf(socket: tls.TLSSocket, address: string): X509Certificate {
  const certificate = socket.getPeerX509Certificate()
  if (!certificate) throw new AppError('unavailable', `${address} shows no certificate`)
  return certificate
}

function unreachable(address: string, cause: NodeJS.ErrnoException): AppError {
  const why = cause.code ?? cause.message
  return new AppError('unavailable', `${address} cannot be reached (${why})`, { cause })
}

const codeOf = (error: unknown): string =>
  String((Object(error) as { readonly code?: unknown }).code ?? error)

/** Node's list and what this machine trusts; older Nodes know their own list only. */
function systemAuthorities(): string[] | undefined {
  known ??=
    'getCACertificates' in tls
      ? [...tls.getCACertificates('default'), ...tls.getCACertificates('system')]
      : []
  return known.length > 0 ? known : undefined
}
let known: string[] | undefined
