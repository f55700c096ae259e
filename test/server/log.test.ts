import { expect, test } from 'vitest'
import { AppError } from '../../server/contract/errors.ts'
import { createLog } from '../../server/log.ts'

const secret = 'kept-to-itself'
const jwt = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl'

/** A log and its lines, read back as JSON. */
function openLog(level = 'debug') {
  const lines: string[] = []
  const log = createLog(level, { write: (line) => void lines.push(line) })
  const last = () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>
  return { log, lines, last }
}

test.each([
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
  'proxyUrl',
])('%s is not logged, at the top or inside', (name) => {
  const { log, lines, last } = openLog()
  log.info({ [name]: secret, a: { [name]: secret, b: { [name]: secret } }, kept: 'kept' }, 'said')
  expect(lines.join('')).not.toContain(secret)
  expect(last()).toMatchObject({ [name]: '[redacted]', kept: 'kept', msg: 'said' })
})

test.each([
  ['a JWT', jwt],
  ['a refresh token', 'ghr_0b7e1c9a.3.mac'],
  ['a bearer', `Authorization: Bearer ${secret}`],
])(
  '%s in words is taken out, also of errors and their causes, and the line stays JSON',
  (_what, text) => {
    const { log, lines, last } = openLog()
    const cause = new Error(`because of "${text}"`)
    log.error({ err: new AppError('unavailable', `it failed with ${text}`, { cause }) })
    expect(last()).toMatchObject({
      err: { name: 'AppError' },
      msg: expect.stringContaining('it failed') as string,
    })
    log.error(new Error(text))
    log.info(`said ${text}, and went on`)
    expect(last()['msg']).toMatch(/^said .*\[redacted\].* went on$/)
    const secrets = [secret, jwt, 'ghr_0b7e']
    for (const line of lines) expect(secrets.filter((it) => line.includes(it))).toEqual([])
  },
)

test('an error is logged with its place, without what a library hangs onto it', () => {
  const { log, last } = openLog()
  const error = Object.assign(new Error('broken'), {
    sql: secret,
    parameters: [secret],
    config: { secret },
  })
  error.cause = error
  log.error({ err: error }, 'a query failed')
  expect(JSON.stringify(last())).not.toContain(secret)
  expect(last()).toMatchObject({
    err: { message: 'broken', stack: expect.stringContaining('log.test') as string },
  })
})

test('nothing below its level is written', () => {
  const { log, lines } = openLog('warn')
  log.info('quiet')
  log.warn('loud')
  expect(lines).toHaveLength(1)
})
