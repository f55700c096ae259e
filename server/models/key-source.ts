import { randomBytes } from 'node:crypto'
import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'

/** The keys that wrap data keys; `current` seals, the others only open. */
export interface KeySet {
  readonly current: string
  readonly keys: ReadonlyMap<string, Buffer>
}

/** Where the sealing keys live. */
export interface KeySource {
  /** Named in errors. */
  readonly name: string
  /** What it holds now; cheap when nothing changed. Throws with what to do about it. */
  read(): KeySet
  /** Replaces the keys, all or nothing; absent where only the operator can. */
  readonly write?: (next: KeySet) => void
}

const KeyId = z.string().regex(/^[a-z0-9-]{1,32}$/)
const Stored = z
  .object({ current: KeyId, keys: z.record(KeyId, z.base64()) })
  .refine((set) => Object.hasOwn(set.keys, set.current))

/** A file of mode 0600, replaced as a whole, which several processes may share. */
function keyFile(path: string): KeySource {
  let last: { version: string; set: KeySet } | undefined
  return {
    name: path,
    read() {
      const version = versionOf(path)
      if (last?.version !== version) {
        last = { version, set: load(json(readFileSync(path, 'utf8')), path) }
      }
      return last.set
    },
    write(next) {
      const draft = `${path}.${randomBytes(6).toString('hex')}`
      try {
        writeWhole(draft, next)
        renameSync(draft, path)
      } catch (error) {
        rmSync(draft, { force: true })
        throw error
      }
      syncFolder(path)
    },
  }
}

/** Makes the file with a first key; fails when there is one already. */
export function createKeyFile(path: string): KeySource {
  const { id, key } = createKey()
  writeWhole(path, { current: id, keys: new Map([[id, key]]) })
  syncFolder(path)
  return keyFile(path)
}

/** `id:base64[,id:base64…]`, the current one first: handed over by the operator. */
function keyText(text: string): KeySource {
  const name = 'the configuration'
  const pairs = text.split(',').map((pair) => pair.trim().split(':', 2))
  const stored = { current: pairs[0]?.[0], keys: Object.fromEntries(pairs) as unknown }
  const set = load(stored, name)
  return { name, read: () => set }
}

/** What the configuration says of the sealing keys. */
export type KeyLocation =
  | { readonly status: 'file'; readonly path: string }
  | { readonly status: 'text'; readonly text: string }

export function createKeySource(location: KeyLocation): KeySource {
  return location.status === 'file' ? keyFile(location.path) : keyText(location.text)
}

export function createKey(): { id: string; key: Buffer } {
  return { id: randomBytes(6).toString('hex'), key: randomBytes(32) }
}

/** Changes with the file’s content: a replaced file is another inode. */
function versionOf(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  if (!found) throw new Error(`the sealing keys are missing: there is no file ${path}`)
  if (process.platform !== 'win32' && (found.mode & 0o077n) !== 0n) {
    throw new Error(`others can read the sealing keys: run chmod 600 ${path}`)
  }
  return [found.ino, found.mtimeNs, found.size].join('.')
}

// Nothing of the content may reach an error: not even a JSON parser’s hint at a position.
function load(content: unknown, name: string): KeySet {
  const stored = Stored.safeParse(content)
  if (!stored.success) throw new Error(`${name} does not hold sealing keys`)
  const keys = new Map(
    Object.entries(stored.data.keys).map(([id, key]) => [id, Buffer.from(key, 'base64')]),
  )
  for (const [id, key] of keys) {
    if (key.length !== 32) throw new Error(`the sealing key ${id} in ${name} is not 32 bytes long`)
  }
  return { current: stored.data.current, keys }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function writeWhole(path: string, { current, keys }: KeySet): void {
  const stored = Object.fromEntries([...keys].map(([id, key]) => [id, key.toString('base64')]))
  const file = openSync(path, 'wx', 0o600)
  try {
    fchmodSync(file, 0o600)
    writeSync(file, `${JSON.stringify({ current, keys: stored }, undefined, 2)}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
