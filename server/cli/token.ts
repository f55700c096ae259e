import { readAddress } from './address.ts'
import { readArguments } from './arguments.ts'
import { signedIn } from './access-token.ts'
import { gatewayMeant } from './device.ts'

/** Run by kubectl before its calls; everything slow is loaded only when a refresh is due. */
export async function token(args: readonly string[]): Promise<void> {
  const { values } = readArguments(args, { gateway: { type: 'string' } })
  const { gateway } = values
  const address = gatewayMeant(gateway === undefined ? undefined : readAddress(gateway))
  const { accessToken, accessExpiresAt } = await signedIn(address)
  // kubectl reads whole seconds only.
  const expirationTimestamp = accessExpiresAt.replace(/\.\d+Z$/, 'Z')
  const credential = {
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    status: { token: accessToken, expirationTimestamp },
  }
  process.stdout.write(`${JSON.stringify(credential)}\n`)
}
