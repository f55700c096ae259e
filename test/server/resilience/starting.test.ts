import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDataFolder } from '../../../build/scripts/start/data-folder.ts'
import { readConfig } from '../../../server/config.ts'
import { createKeyFile } from '../../../server/models/key-source.ts'
import { administrator, startGateway } from '../../support/gateway.ts'
import { runKubectl as run } from '../../support/world.ts'

const program = fileURLToPath(new URL('../../../server/index.ts', import.meta.url))
const address = 'https://gateway.test:8443'
let folder: string
let complete: Readonly<Record<string, string>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-starting-'))
  const { environment } = await openDataFolder(folder)
  complete = { ...environment, GATEHOUSE_PORT: '0', GATEHOUSE_PUBLIC_URL: address }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Starts the real program and waits for its end. */
const start = (env: Readonly<Record<string, string>>) => run(process.execPath, [program], { env })

const without = (name: string) =>
  Object.fromEntries(Object.entries(complete).filter(([key]) => key !== name))

// S1-T29
test('without any setting it ends, and names all that are missing at once', async () => {
  const { code, stdout, stderr } = await start({})
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  const needed = [
    'GATEHOUSE_DATA',
    'GATEHOUSE_CERTIFICATE_FILE',
    'GATEHOUSE_KEY_FILE',
    'GATEHOUSE_PUBLIC_URL',
    'GATEHOUSE_SIGNING_KEY_FILE',
    'GATEHOUSE_AUDIT_KEY_FILE',
    'GATEHOUSE_SEALING_KEYS_FILE',
  ]
  expect(needed.filter((name) => !stderr.includes(name))).toEqual([])
  expect(stderr).not.toMatch(/^\s+at /m)
})

// S1-T29
test.each([
  'GATEHOUSE_SEALING_KEYS_FILE',
  'GATEHOUSE_SIGNING_KEY_FILE',
  'GATEHOUSE_AUDIT_KEY_FILE',
])('without %s it makes no key up, but says so and ends', async (name) => {
  const { code, stderr } = await start(without(name))
  expect(code).toBe(1)
  expect(stderr).toContain('gatehouse cannot start.')
  expect(stderr).toContain(name)
})

test('a key file that is not there, or holds another kind of key, is named', () => {
  const missing = { ...complete, GATEHOUSE_SEALING_KEYS_FILE: join(folder, 'none.json') }
  expect(() => readConfig(missing)).toThrow('none.json does not exist')
  const wrong = { ...complete, GATEHOUSE_AUDIT_KEY_FILE: join(folder, 'certificate-key.pem') }
  expect(() => readConfig(wrong)).toThrow('keys.auditFile: not an Ed25519 key')
})

test('settings that do not exist or do not fit are named, all of them', () => {
  const wrong = {
    ...complete,
    GATEHOUSE_PROT: '1',
    GATEHOUSE_PORT: 'eight',
    GATEHOUSE_PUBLIC_URL: 'http://gateway.test',
    GATEHOUSE_CLUSTER_ADDRESSES_ALLOW: 'one,two:2',
  }
  const names = ['GATEHOUSE_PROT: no such setting', '(set GATEHOUSE_PORT)', 'GATEHOUSE_PUBLIC_URL']
  for (const name of [...names, 'clusterAddresses.allow'])
    expect(() => readConfig(wrong)).toThrow(name)
})

// S1-T28
test('with another sealing key than its database was sealed with it ends and changes nothing', async () => {
  const own = await mkdtemp(join(tmpdir(), 'gatehouse-starting-'))
  try {
    const { environment } = await openDataFolder(own)
    const first = await startGateway({ folder: own })
    await first.admin()
    await first.stop()
    const other = join(own, 'other-keys.json')
    createKeyFile(other)
    const changed = { GATEHOUSE_SEALING_KEYS_FILE: other }
    const env = { ...complete, ...environment, ...changed }
    const { code, stderr } = await start(env)
    expect(code).toBe(1)
    expect(stderr).toMatch(/gatehouse cannot start\..*key/)
    const again = await startGateway({ folder: own })
    const { name, password } = administrator
    await expect(again.signIn(name, password)).resolves.toMatchObject({ person: { name } })
    await again.stop()
  } finally {
    await rm(own, { recursive: true, force: true })
  }
})
