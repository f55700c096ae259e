import { signedIn } from './access-token.ts'
import { readArguments } from './arguments.ts'
import { connect, gatewayOption } from './gateway.ts'
import { printTable } from './output.ts'

export async function whoami(args: readonly string[]): Promise<void> {
  const { values } = readArguments(args, gatewayOption)
  const { gateway, peer } = connect(values.gateway)
  const person = await gateway.persons.me({})
  const session = await signedIn(peer.address)
  printTable(
    ['PERSON', 'ADMIN', 'SESSION', 'GATEWAY'],
    [[person.name, person.admin ? 'yes' : 'no', session.id, peer.address]],
  )
}
