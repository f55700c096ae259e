import { parseArgs, type ParseArgsConfig, type ParseArgsOptionsConfig } from 'node:util'
import { UsageError } from './refusal.ts'

type Parsed<T extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: T; allowPositionals: true; strict: true; args: string[] }>
>

/** Options as declared and at most `most` words; anything else is a usage error. */
export function readArguments<const T extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: T,
  most = 0,
): Parsed<T> {
  const config = {
    args: [...args],
    options,
    allowPositionals: true,
    strict: true,
  } as const satisfies ParseArgsConfig
  const parsed = parse(config)
  if (parsed.positionals.length > most)
    throw new UsageError(`${JSON.stringify(parsed.positionals[most])} is one word too many`)
  return parsed
}

function parse<T extends ParseArgsConfig>(config: T) {
  try {
    return parseArgs(config)
  } catch (error) {
    // Node adds a paragraph on how to write positionals that begin with a dash.
    const [reason = ''] = error instanceof Error ? error.message.split('. ') : []
    throw new UsageError(reason)
  }
}
