import { pino, type Logger } from 'pino'

/** Names under which a secret could travel into a log line by mistake. */
const secrets = [
  'password',
  'token',
  'accessToken',
  'refreshToken',
  'keeperToken',
  'authorization',
  'cookie',
  'set-cookie',
  'credential',
  'kubeconfig',
  'code',
  'refreshSecret',
  'keeper',
  'proxyUrl',
  'sealing',
]

/** Structured lines on standard output. Secrets are replaced wherever an object carries them up to three levels deep. */
export function createLog(level: string, stream?: { write(line: string): void }): Logger {
  const options = {
    level,
    base: null,
    redact: { paths: secrets.flatMap(placesOf), censor: '[redacted]' },
    serializers: { err: (error: unknown) => describeError(error) },
    // pino repeats an error’s message where a line has none of its own, so the whole line is looked through.
    hooks: { streamWrite: (line: string) => line.replace(token, '[redacted]') },
  }
  return stream ? pino(options, stream) : pino(options)
}

const placesOf = (name: string) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]

/** Matches nothing that would end a JSON string. */
const token = /eyJ[\w-]{8,300}\.[\w-]{8,}(?:\.[\w-]*)?|gh[a-z]_[\w.-]{8,}|\bbearer\s+[^\s"\\]+/gi

/** A cause may be its own. */
const deepest = 5

/** An error’s words and place, without the values that libraries hang onto errors. */
function describeError(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { message: typeof error }
  const { name, message, stack, cause } = error
  return {
    name,
    message,
    stack,
    ...(cause !== undefined && depth < deepest && { cause: describeError(cause, depth + 1) }),
  }
}
