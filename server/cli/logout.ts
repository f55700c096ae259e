import { AppError } from '../contract/errors.ts'
import { readArguments } from './arguments.ts'
import { fileOf, readDevice, writeDevice } from './device.ts'
import { connect, gatewayOption } from './gateway.ts'
import { withLock } from './lock.ts'
import { Refusal } from './refusal.ts'

export async function logout(args: readonly string[]): Promise<void> {
  const { values } = readArguments(args, gatewayOption)
  const { gateway, peer } = connect(values.gateway)
  const failure = await gateway.sessions.signOut({}).then(
    () => undefined,
    (error: unknown) => error,
  )
  await withLock(fileOf(peer.address), () => {
    const device = readDevice(peer.address)
    if (device?.session) {
      const { session: _forgotten, ...rest } = device
      writeDevice(rest)
    }
    return Promise.resolve()
  })
  // A session that had ended before is what was wanted.
  const over = failure instanceof AppError && failure.code === 'unauthenticated'
  if (failure !== undefined && !over)
    throw new Refusal(
      `Signed out on this device only: ${failure instanceof Error ? failure.message : 'the gateway did not answer'}. End the session elsewhere with gatehouse sessions revoke`,
    )
  process.stderr.write(`Signed out of ${peer.address}\n`)
}
