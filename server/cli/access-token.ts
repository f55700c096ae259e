import { fileOf, readDevice, writeDevice, type Device, type DeviceSession } from './device.ts'
import { Refusal } from './refusal.ts'

/** A token that lives shorter than this is exchanged before it is handed out. */
const margin = 60_000

/** The session of this device with an access token that is good for a while. */
export async function signedIn(address: string): Promise<DeviceSession> {
  const { session } = known(address)
  if (remaining(session) > margin) return session
  const { withLock } = await import('./lock.ts')
  return withLock(fileOf(address), async () => {
    // Whoever held the lock before has probably done it already.
    const device = known(address)
    const done = device.session.accessToken !== session.accessToken && remaining(device.session) > 0
    return done || remaining(device.session) > margin ? device.session : refresh(device)
  })
}

const signInAgain = (address: string, why: string) =>
  new Refusal(`${why}: run gatehouse login ${address}`)

type SignedInDevice = Device & { readonly session: DeviceSession }

function known(address: string): SignedInDevice {
  const device = readDevice(address)
  if (!device?.session) throw signInAgain(address, 'Nobody is signed in here')
  return { ...device, session: device.session }
}

const remaining = ({ accessExpiresAt }: DeviceSession) => Date.parse(accessExpiresAt) - Date.now()

async function refresh(device: SignedInDevice): Promise<DeviceSession> {
  const { createGatewayClient } = await import('../contract/client.ts')
  const { createSend } = await import('./send.ts')
  const { toSession } = await import('./session.ts')
  const { AppError } = await import('../contract/errors.ts')
  const gateway = createGatewayClient(createSend(device))
  try {
    const { refreshToken } = device.session
    const session = toSession(await gateway.entry.refresh({ refreshToken }))
    writeDevice({ ...device, session })
    return session
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.code === 'unauthenticated') {
      const { session, ...signedOut } = device
      writeDevice(signedOut)
      throw signInAgain(device.address, `The session of ${session.person} has ended`)
    }
    // A gateway that is away for a moment is no reason to withhold what is still good.
    if (remaining(device.session) > 0) return device.session
    throw error
  }
}
