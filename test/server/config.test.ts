import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDataFolder } from '../../build/scripts/start/data-folder.ts'
import { ConfigError, readConfig } from '../../server/config.ts'

type Environment = Record<string, string>

let folder: string
let whole: Environment

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-config-'))
  const { environment } = await openDataFolder(folder)
  whole = { ...environment, GATEHOUSE_PUBLIC_URL: 'https://gateway.example.test' }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A configuration file with this content, as an environment names it. */
async function inFile(content: unknown): Promise<Environment> {
  const path = join(folder, 'config.yaml')
  await writeFile(path, typeof content === 'string' ? content : stringify(content))
  return { GATEHOUSE_CONFIG: path }
}

/** Every line of the report, the headline left out. */
function report(environment: Environment): readonly string[] {
  try {
    readConfig(environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n').slice(1)
    throw error
  }
  return []
}

describe('a report', () => {
  test('of nothing names each setting that must be there, with its variable', () => {
    const needed = [
      'GATEHOUSE_DATA',
      'GATEHOUSE_CERTIFICATE_FILE',
      'GATEHOUSE_KEY_FILE',
      'GATEHOUSE_PUBLIC_URL',
      'GATEHOUSE_SIGNING_KEY_FILE',
      'GATEHOUSE_AUDIT_KEY_FILE',
      'GATEHOUSE_SEALING_KEYS_FILE',
    ]
    const lines = report({})
    expect(lines).toHaveLength(needed.length)
    for (const name of needed)
      expect(
        lines.filter((it) => it.includes(`(set ${name})`)),
        name,
      ).toHaveLength(1)
  })

  test('refuses an address whose name a shell would run', () => {
    const lines = report({ ...whole, GATEHOUSE_PUBLIC_URL: 'https://a$(id).example.test' })
    expect(lines.join()).toMatch(/publicUrl: .*GATEHOUSE_PUBLIC_URL/)
    const six = readConfig({ ...whole, GATEHOUSE_PUBLIC_URL: 'https://[::1]:8443' })
    expect(six).toMatchObject({ publicUrl: 'https://[::1]:8443' })
  })

  test('names everything that is wrong, of every sort, at once', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    const rsaFile = join(folder, 'rsa.pem')
    await writeFile(rsaFile, rsa.export({ type: 'pkcs8', format: 'pem' }))
    const wrong = {
      GATEHOUSE_PUBLIC_URL: 'http://gateway.example.test',
      GATEHOUSE_PORT: '99999',
      GATEHOUSE_LOG_LEVEL: 'loud',
      GATEHOUSE_CLUSTER_ADDRESSES_ALLOW: 'no-port',
      GATEHOUSE_TYPING_ERROR: '1',
      GATEHOUSE_CERTIFICATE_FILE: join(folder, 'none.pem'),
      GATEHOUSE_SEALING_KEYS_FILE: join(folder, 'none.json'),
    }
    const lines = report({ ...whole, ...wrong })
    const told = [
      /publicUrl: .*GATEHOUSE_PUBLIC_URL/,
      /listen\.port: .*GATEHOUSE_PORT/,
      /logLevel: .*GATEHOUSE_LOG_LEVEL/,
      /clusterAddresses\.allow\.0: write host:port/,
      /GATEHOUSE_TYPING_ERROR: no such setting/,
      /listen\.certificateFile: .*none\.pem/,
      /keys\.sealingFile: .*none\.json does not exist/,
    ]
    for (const pattern of told)
      expect(
        lines.filter((it) => pattern.test(it)),
        String(pattern),
      ).toHaveLength(1)
    expect(lines).toHaveLength(told.length)
    const keys = {
      GATEHOUSE_SIGNING_KEY_FILE: rsaFile,
      GATEHOUSE_AUDIT_KEY_FILE: join(folder, 'ca.pem'),
    }
    expect(report({ ...whole, ...keys })).toEqual([
      '  - keys.signingFile: not an Ed25519 key',
      '  - keys.auditFile: not a private key in PEM form',
    ])
  })

  test('says nothing of what the settings hold', async () => {
    const secret = 'c2VjcmV0LXNlYWxpbmcta2V5LW9mLXNvbWVib2R5'
    const file = await inFile({ keys: { sealing: { hidden: secret } }, listen: { port: secret } })
    const lines = report({
      ...whole,
      ...file,
      GATEHOUSE_PORT: '',
      DATABASE_URL: `postgres://a:${secret}@b/c`,
      GATEHOUSE_X: secret,
    })
    expect(lines.length).toBeGreaterThan(2)
    expect(lines.join('\n')).not.toContain(secret)
  })

  test.each([
    ['is a list', '- a\n- b', 'the file is not a mapping'],
    ['is text', 'hello', 'the file is not a mapping'],
    ['is no YAML', 'a: [', 'GATEHOUSE_CONFIG: '],
    ['bombs', 'a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]', 'GATEHOUSE_CONFIG: '],
  ])('of a file that %s says so', async (_what, content, told) => {
    const lines = report({ ...whole, ...(await inFile(content)) })
    expect(lines.join('\n')).toContain(told)
  })

  test('of a file that is not there says so', () => {
    const lines = report({ ...whole, GATEHOUSE_CONFIG: join(folder, 'none.yaml') })
    expect(lines).toEqual([expect.stringMatching(/GATEHOUSE_CONFIG: .*none\.yaml/)])
  })
})

describe('settings', () => {
  test('come from the file, and from the environment where both have them', async () => {
    const file = await inFile({
      publicUrl: 'https://from-file.example.test',
      listen: { host: '0.0.0.0', port: 1 },
      limits: { signInsPerMinute: 7 },
      sessions: { accessSeconds: 60 },
    })
    const { GATEHOUSE_PUBLIC_URL: _, ...rest } = whole
    const config = readConfig({
      ...rest,
      ...file,
      GATEHOUSE_PORT: '2',
      GATEHOUSE_STREAM_SECONDS: '30',
    })
    expect(config.publicUrl).toBe('https://from-file.example.test')
    expect(config.listen).toMatchObject({ host: '0.0.0.0', port: 2 })
    expect(config.limits).toMatchObject({ signInsPerMinute: 7, requestsPerPerson: 64 })
    expect(config.sessions).toEqual({
      accessSeconds: 60,
      sessionSeconds: 30 * 86_400,
      streamSeconds: 30,
    })
  })

  test('that are unknown are refused, wherever they stand', async () => {
    const file = await inFile({ hostz: ['a'], limits: { signIns: 1 }, listen: { tls: false } })
    const lines = report({ ...whole, ...file, GATEHOUSE_LIMIT: '1' }).join('\n')
    for (const name of [
      'no field hostz',
      'no field signIns',
      'no field tls',
      'GATEHOUSE_LIMIT: no such setting',
    ])
      expect(lines).toContain(name)
  })

  test('in a list are separated by commas, with or without spaces', () => {
    const lists = {
      GATEHOUSE_HOSTS: 'a.test:1, b.test:2',
      GATEHOUSE_CLUSTER_ADDRESSES_ALLOW: '127.0.0.1:1,[::1]:2 ',
    }
    const config = readConfig({ ...whole, ...lists })
    expect(config.hosts).toEqual(['a.test:1', 'b.test:2'])
    expect(config.clusterAddresses.allow).toEqual(['127.0.0.1:1', '[::1]:2'])
  })

  test('that are empty count as absent, and nothing is open that was not asked for', () => {
    const config = readConfig({
      ...whole,
      GATEHOUSE_CONSOLE_PORT: '',
      GATEHOUSE_HOST: '',
      DATABASE_URL: '',
    })
    expect(config.listen.host).toBe('127.0.0.1')
    expect([config.consolePort, config.metricsPort]).toEqual([undefined, undefined])
    expect(config.clusterAddresses.allow).toEqual([])
    expect(config.databaseUrl).toBe(`sqlite:${join(folder, 'gatehouse.sqlite')}`)
  })

  test('cannot be changed afterwards', () => {
    const config = readConfig(whole) as { publicUrl: string }
    expect(() => (config.publicUrl = 'https://elsewhere.test')).toThrow(TypeError)
  })
})
