import { hostname } from 'node:os'
import { createGatewayClient } from '../contract/client.ts'
import { readAddress } from './address.ts'
import { readArguments } from './arguments.ts'
import { fileOf, makeHome, readDevice, writeDevice } from './device.ts'
import { withLock } from './lock.ts'
import { printable } from './output.ts'
import { ask, askSecret, canAsk, readStdin } from './prompt.ts'
import { UsageError } from './refusal.ts'
import { createSend } from './send.ts'
import { toSession } from './session.ts'
import { establishTrust } from './trust.ts'

const options = {
  name: { type: 'string' },
  device: { type: 'string' },
  ca: { type: 'string' },
  'password-stdin': { type: 'boolean', default: false },
} as const

export async function login(args: readonly string[]): Promise<void> {
  const { values, positionals } = readArguments(args, options, 1)
  const [given] = positionals
  if (given === undefined) throw new UsageError('Name the gateway’s address')
  const fromStdin = values['password-stdin']
  if (fromStdin && values.name === undefined)
    throw new UsageError('With --password-stdin, --name is needed')
  if (!fromStdin && !canAsk())
    throw new UsageError('There is no terminal to ask at: use --password-stdin and --name')

  const address = readAddress(given)
  makeHome()
  const remembered = readDevice(address)
  const peer = await establishTrust({ address, remembered, caFile: values.ca, mayAsk: !fromStdin })
  const name = values.name ?? (await ask('Name: ')).trim()
  const password = fromStdin ? await readStdin() : await askSecret('Password: ')
  const device = values.device ?? hostname()
  const answer = await createGatewayClient(createSend(peer)).entry.signIn({
    name,
    password,
    device,
  })

  const { caPem } = peer
  const session = toSession(answer)
  await withLock(fileOf(address), () => {
    writeDevice({ address, ...(caPem !== undefined && { caPem }), session })
    return Promise.resolve()
  })
  await endBefore(
    remembered?.session?.id,
    createSend(peer, () => Promise.resolve(session.accessToken)),
  )
  process.stderr.write(`Signed in to ${address} as ${printable(session.person)}\n`)
}

/** The session this device had before would otherwise stay open with nobody to end it. */
async function endBefore(id: string | undefined, send: ReturnType<typeof createSend>) {
  if (id === undefined) return
  // It may have ended long ago, or be another person's: either way it is not ours to end.
  await createGatewayClient(send)
    .sessions.revoke({ id })
    .catch(() => undefined)
}
