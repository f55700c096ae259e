import { readArguments } from './arguments.ts'
import { connect, gatewayOption } from './gateway.ts'
import { printTable } from './output.ts'

export async function clusters(args: readonly string[]): Promise<void> {
  const { values } = readArguments(args, gatewayOption)
  const { gateway } = connect(values.gateway)
  const rows = (await gateway.clusters.list({})).map(({ id, name, address }) => [id, name, address])
  printTable(['ID', 'NAME', 'ADDRESS'], rows)
}
