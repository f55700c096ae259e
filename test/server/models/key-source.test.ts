import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createKey, createKeyFile, createKeySource } from '../../../server/models/key-source.ts'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-keys-'))
  path = join(folder, 'sealing-keys.json')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const fileAt = (at: string) => createKeySource({ status: 'file', path: at })

test('a new key file is for its owner only and is never made twice', async () => {
  const { current } = createKeyFile(path).read()
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(() => createKeyFile(path)).toThrow('EEXIST')
  expect(fileAt(path).read().current).toBe(current)
})

test('a write replaces the file as a whole, and other readers notice', async () => {
  const source = createKeyFile(path)
  const other = fileAt(path)
  const before = other.read()
  const next = createKey()
  source.write?.({ current: next.id, keys: new Map([...before.keys, [next.id, next.key]]) })
  expect(other.read().current).toBe(next.id)
  expect([...other.read().keys.keys()]).toHaveLength(2)
  expect(await readdir(folder)).toEqual(['sealing-keys.json'])
  expect((await stat(path)).mode & 0o777).toBe(0o600)
})

test('a file that others can read is refused with what to do', async () => {
  createKeyFile(path)
  await chmod(path, 0o640)
  expect(() => fileAt(path).read()).toThrow(`chmod 600 ${path}`)
})

test('missing, broken and short keys are named without their content', async () => {
  expect(() => fileAt(path).read()).toThrow('missing')
  const short = randomBytes(16).toString('base64')
  const wrong = [
    '{"current": "a", "keys"',
    JSON.stringify({ current: 'a', keys: {} }),
    JSON.stringify({ current: '../a', keys: { '../a': short } }),
    JSON.stringify({ current: 'a', keys: { a: short } }),
  ]
  for (const content of wrong) {
    await writeFile(path, content, { mode: 0o600 })
    expect(() => fileAt(path).read()).toThrow(/does not hold sealing keys|not 32 bytes/)
    expect(() => fileAt(path).read()).not.toThrow(short)
  }
  expect(await readFile(path, 'utf8')).toBe(wrong.at(-1))
})

test('keys in the configuration are read only, the first one seals', () => {
  const [first, second] = [createKey(), createKey()]
  const text = [first, second].map(({ id, key }) => `${id}:${key.toString('base64')}`).join(',')
  const source = createKeySource({ status: 'text', text })
  expect(source.read().current).toBe(first.id)
  expect(source.read().keys.get(second.id)?.equals(second.key)).toBe(true)
  expect(source.write).toBeUndefined()
  const wrong = () => createKeySource({ status: 'text', text: 'nonsense' })
  expect(wrong).toThrow('does not hold sealing keys')
})
