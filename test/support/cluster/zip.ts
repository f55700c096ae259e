import { createHash } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'

export interface ZipEntry {
  readonly name: string
  readonly read: () => Buffer
}

/** Reads the files of a module zip: plain or deflated, no encryption, no 64-bit sizes, as the module proxy makes them. */
export function readZip(zip: Buffer): ZipEntry[] {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  if (end === -1) throw new Error('This is no zip archive')
  const entries: ZipEntry[] = []
  let at = zip.readUInt32LE(end + 16)
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    if (zip.readUInt32LE(at) !== 0x02014b50) throw new Error('The zip archive is damaged')
    const [method, packed, size] = [
      zip.readUInt16LE(at + 10),
      zip.readUInt32LE(at + 20),
      zip.readUInt32LE(at + 24),
    ]
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((it) =>
      zip.readUInt16LE(at + it),
    )
    const local = zip.readUInt32LE(at + 42)
    const name = zip.toString('utf8', at + 46, at + 46 + (nameLength ?? 0))
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const bytes = zip.subarray(start, start + packed)
    entries.push({
      name,
      read: () => (method === 0 ? bytes : inflateRawSync(bytes, { maxOutputLength: size + 1 })),
    })
    at += 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0)
  }
  return entries
}

/** Go's `h1:` hash of a module: the hash of the sorted list of its files' hashes. */
export function moduleHash(entries: readonly ZipEntry[]): string {
  const lines = [...entries]
    .sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))
    .map((it) => `${createHash('sha256').update(it.read()).digest('hex')}  ${it.name}\n`)
  return `h1:${createHash('sha256').update(lines.join('')).digest('base64')}`
}
