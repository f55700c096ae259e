import { gatewayApi } from '../contract/index.ts'
import { find, type Operation } from '../contract/operation.ts'
import { readArguments } from './arguments.ts'
import { connect, gatewayOption } from './gateway.ts'
import { printJson, printTable } from './output.ts'
import { readStdin } from './prompt.ts'
import { UsageError } from './refusal.ts'
import { readAuthority } from './trust.ts'

const options = {
  ...gatewayOption,
  ca: { type: 'string' },
  list: { type: 'boolean', default: false },
} as const

/** The client, seen by somebody who learns the operation's name only now. */
type Methods = Readonly<
  Record<string, Readonly<Record<string, (input: unknown) => Promise<unknown>>>>
>

/** Their answers are tokens: they belong into the state file, not on a screen. */
const signingIn = new Set(['entry.signIn', 'entry.refresh', 'entry.signInConsole'])

export async function call(args: readonly string[]): Promise<void> {
  const { values, positionals } = readArguments(args, options, 2)
  const [name, given = '{}'] = positionals
  if (values.list) {
    listOperations()
    return
  }
  if (name === undefined) throw new UsageError('Name an operation; call --list shows all')
  const operation: Operation | undefined = find<Operation>(gatewayApi, name)
  if (!operation)
    throw new UsageError(`There is no operation ${JSON.stringify(name)}; call --list shows all`)
  if (signingIn.has(name)) throw new UsageError('Sign in with gatehouse login')
  const input = parse(given === '-' ? await readStdin() : given)
  const ca = values.ca === undefined ? undefined : await readAuthority(values.ca)
  const { gateway } = connect(values.gateway, ca)
  const output = await find(gateway as unknown as Methods, name)?.(input)
  if (output !== undefined) printJson(output)
}

function parse(text: string): unknown {
  let input: unknown
  try {
    input = JSON.parse(text)
  } catch {
    // The parser's own message would repeat a part of what may hold a password.
    throw new UsageError('The input is not JSON')
  }
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input
  throw new UsageError('The input must be a JSON object')
}

function listOperations(): void {
  const rows = Object.entries(gatewayApi).flatMap(([group, operations]) =>
    Object.entries<Operation>(operations).map(([name, { needs, summary }]) => [
      `${group}.${name}`,
      needs,
      summary,
    ]),
  )
  printTable(['OPERATION', 'NEEDS', ''], rows)
}
