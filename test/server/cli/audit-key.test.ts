import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newDevice } from '../../support/command-line.ts'

const spki = { type: 'spki', format: 'pem' } as const
const pkcs8 = { type: 'pkcs8', format: 'pem' } as const
const audit = generateKeyPairSync('ed25519')
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const isPublic = audit.publicKey.export(spki).toString()
const isPrivate = audit.privateKey.export(pkcs8).toString()

test.each([
  ['empty', '', 'no key'],
  ['an export', '{"id":"1"}\n', 'no key'],
  ['a key of another kind', other.publicKey.export(spki).toString(), 'no key'],
  ['broken', isPublic.replace('MCow', '////'), 'no key'],
  ['private', isPrivate, 'a private key'],
  ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIB\n', 'a certificate'],
])('a key file that is %s is named with what is wrong', async (_, text, why) => {
  const device = newDevice()
  mkdirSync(device.home, { recursive: true })
  const key = join(device.home, 'key.pem')
  writeFileSync(key, text)
  const { code, stdout, stderr } = await device.run(['audit', 'verify', key, '--key', key])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^gatehouse: .+\n$/)
  expect(stderr).toContain(`--key ${key}: this is ${why}`)
  expect(stderr).toContain('gatehouse call events.chain')
  for (const line of text.split('\n').filter((it) => it !== '' && !it.startsWith('-----')))
    expect(stderr).not.toContain(line)
})

test('a key or an export that is not there, or is a folder, is named', async () => {
  const device = newDevice()
  mkdirSync(device.home, { recursive: true })
  const key = join(device.home, 'key.pem')
  writeFileSync(key, isPublic)
  const verify = async (file: string, given: string) =>
    device.run(['audit', 'verify', file, '--key', given])
  const none = join(device.home, 'none')
  expect(await verify(key, none)).toMatchObject({
    code: 1,
    stderr: `gatehouse: --key ${none}: there is no such file\n`,
  })
  expect((await verify(key, device.home)).stderr).toContain('it is a folder')
  expect(await verify(none, key)).toMatchObject({
    code: 1,
    stderr: `gatehouse: ${none}: there is no such file\n`,
  })
})
