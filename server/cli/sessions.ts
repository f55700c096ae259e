import { readArguments } from './arguments.ts'
import { connect, gatewayOption } from './gateway.ts'
import { printTable } from './output.ts'
import { UsageError } from './refusal.ts'

const options = { ...gatewayOption, everyone: { type: 'boolean', default: false } } as const

export async function sessions(args: readonly string[]): Promise<void> {
  const { values, positionals } = readArguments(args, options, 2)
  const [verb, id] = positionals
  if (verb !== undefined && (verb !== 'revoke' || id === undefined))
    throw new UsageError('Say sessions, or sessions revoke ID')
  const { gateway } = connect(values.gateway)
  if (id !== undefined) {
    await gateway.sessions.revoke({ id })
    process.stderr.write(`Session ${id} has ended\n`)
    return
  }
  const open = await gateway.sessions.list({ everyone: values.everyone ? 'true' : 'false' })
  const rows = open.map((it) => [
    it.id,
    it.personName,
    it.device,
    it.kind,
    it.lastUsedAt,
    it.expiresAt,
    it.current ? 'this one' : '',
  ])
  printTable(['ID', 'PERSON', 'DEVICE', 'KIND', 'LAST USED', 'EXPIRES', ''], rows)
}
