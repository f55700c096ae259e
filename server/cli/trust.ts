import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createGatewayClient } from '../contract/client.ts'
import { fingerprintOf, isUnknownAuthority } from './certificate.ts'
import { ask, canAsk } from './prompt.ts'
import { Refusal, UsageError } from './refusal.ts'
import { createDoubtingSend, createSend, type Peer } from './send.ts'

interface Known {
  readonly address: string
  /** What this device remembers; absent for a gateway it has never trusted. */
  readonly remembered: Peer | undefined
  /** A file with the authority, given by the person. */
  readonly caFile: string | undefined
  /** False when stdin carries the password. */
  readonly mayAsk: boolean
}

/** Finds out who vouches for a gateway before anything secret is sent to it. */
export async function establishTrust({
  address,
  remembered,
  caFile,
  mayAsk,
}: Known): Promise<Peer> {
  if (caFile !== undefined) return proven({ address, caPem: await readAuthority(caFile) })
  // What was trusted once is never silently replaced by another authority.
  if (remembered) return proven(remembered)
  try {
    return await narrowed({ address })
  } catch (error) {
    if (!isUnknownAuthority(error)) throw error
  }
  const peer = await claimed(address)
  await confirm(peer, mayAsk)
  return peer
}

/** An authority from a file of the person's choosing. */
export async function readAuthority(file: string): Promise<string> {
  const pem = await readFile(file, 'utf8')
  try {
    fingerprintOf(pem)
  } catch {
    throw new UsageError(`${file} is not a certificate in PEM`)
  }
  return pem
}

/** Asks for the status: the answer counts only over a connection that the peer's authority signed. */
async function proven(peer: Peer): Promise<Peer> {
  await statusOf(peer)
  return peer
}

const statusOf = (peer: Peer) => createGatewayClient(createSend(peer)).entry.status({})

/** The system vouches; where the gateway names its own authority too, from now on only that one. */
async function narrowed(peer: Peer): Promise<Peer> {
  const { caPem } = await statusOf(peer)
  if (caPem === undefined) return peer
  try {
    return await proven({ ...peer, caPem: single(caPem) })
  } catch (error) {
    // A proxy in front shows a public certificate, and the authority is for those behind it.
    if (isUnknownAuthority(error)) return peer
    throw error
  }
}

/** The authority that the gateway claims, once its certificate is proven to be signed by it. */
async function claimed(address: string): Promise<Peer & { readonly caPem: string }> {
  const { caPem } = await createGatewayClient(createDoubtingSend(address)).entry.status({})
  if (caPem === undefined)
    throw new Refusal(
      `No authority this machine trusts vouches for ${address}: give it with --ca FILE`,
    )
  const peer = { address, caPem: single(caPem) }
  await proven(peer)
  return peer
}

/** One certificate only: a second one would be trusted without its fingerprint having been shown. */
function single(pem: string): string {
  try {
    return new X509Certificate(pem).toString()
  } catch (cause) {
    throw new Refusal('The gateway names an authority that is not a certificate', { cause })
  }
}

async function confirm({ address, caPem }: Peer & { readonly caPem: string }, mayAsk: boolean) {
  const fingerprint = fingerprintOf(caPem)
  if (!mayAsk || !canAsk())
    throw new Refusal(
      `${address} is not known here. Its authority has the SHA-256 fingerprint ${fingerprint}; give the authority with --ca FILE, or sign in at a terminal`,
    )
  process.stderr.write(
    `${address} is not known here. Its authority has this SHA-256 fingerprint:\n  ${fingerprint}\nCompare it with what the gateway’s administrator tells you.\n`,
  )
  const answer = await ask('Trust it from now on? Type yes: ')
  if (answer.trim() !== 'yes') throw new Refusal('Not trusted, nothing was sent')
}
