import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32, deflateSync, inflateSync } from 'node:zlib'
import type { Theme } from './faults.ts'

/** What the README shows, and in which theme. */
const shown: Readonly<Record<string, Theme>> = {
  overview: 'light',
  pods: 'dark',
  'stale-cluster': 'light',
  'drawer-failing-pod': 'light',
  logs: 'light',
  'editor-conflict': 'dark',
  'drain-held': 'dark',
  'admin-grants': 'light',
}

/** Lays those that were taken beside the folders of all, a third as large. */
export async function refreshTour(folder: string, taken: readonly string[]): Promise<string[]> {
  const names = Object.keys(shown).filter((it) => taken.includes(it))
  for (const name of names) {
    const picture = await readFile(join(folder, shown[name] ?? 'light', `${name}.png`))
    await writeFile(join(folder, `tour-${name}.png`), paletted(picture))
  }
  return names
}

const signature = Buffer.from('89504e470d0a1a0a', 'hex')
const most = 256

/** The same picture by a table of its most frequent colours: few are needed where most is text. */
function paletted(png: Buffer): Buffer {
  const { width, height, pixels, step } = decode(png)
  const counts = new Map<number, number>()
  const colours = new Uint32Array(width * height)
  for (let at = 0; at < colours.length; at += 1) {
    const from = at * step
    const colour = pixels.readUIntBE(from, 3)
    colours[at] = colour
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  const table = tableOf(counts)
  const nearest = new Map<number, number>()
  const lines = Buffer.alloc((width + 1) * height)
  colours.forEach((colour, at) => {
    const index = nearest.get(colour) ?? nearestOf(colour, table)
    nearest.set(colour, index)
    lines[at + Math.floor(at / width) + 1] = index
  })
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // Eight bits, by table.
  header.set([8, 3], 8)
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(table.flatMap((it) => [it >> 16, (it >> 8) & 255, it & 255]))),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** The most frequent ones that are not nearly the same as a more frequent one. */
function tableOf(counts: ReadonlyMap<number, number>): number[] {
  const byCount = [...counts].sort((a, b) => b[1] - a[1]).map(([colour]) => colour)
  const table: number[] = []
  for (const colour of byCount) {
    if (table.length === most) break
    if (table.every((it) => distance(it, colour) > 48)) table.push(colour)
  }
  return table
}

function nearestOf(colour: number, table: readonly number[]): number {
  let [best, least] = [0, Infinity]
  table.forEach((it, index) => {
    const far = distance(it, colour)
    if (far < least) [best, least] = [index, far]
  })
  return best
}

function distance(a: number, b: number): number {
  const [red, green, blue] = [16, 8, 0].map((by) => ((a >> by) & 255) - ((b >> by) & 255))
  return (red ?? 0) ** 2 + (green ?? 0) ** 2 + (blue ?? 0) ** 2
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

interface Pixels {
  readonly width: number
  readonly height: number
  readonly pixels: Buffer
  /** Bytes for each. */
  readonly step: number
}

/** As Chromium writes them: eight bits of red, green and blue, perhaps how opaque, not interlaced. */
function decode(png: Buffer): Pixels {
  const width = png.readUInt32BE(16)
  const height = png.readUInt32BE(20)
  const step = { 2: 3, 6: 4 }[png[25] ?? 0]
  if (step === undefined || png[24] !== 8 || png[28] !== 0) throw new Error('Not such a picture')
  const parts: Buffer[] = []
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at)
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + length))
    at += length + 12
  }
  return {
    width,
    height,
    step,
    pixels: unfiltered(inflateSync(Buffer.concat(parts)), { width, height, step }),
  }
}

/** Each line says how it was told by what is left of it and above. */
function unfiltered(raw: Buffer, { width, height, step }: Omit<Pixels, 'pixels'>): Buffer {
  const row = width * step
  const pixels = Buffer.alloc(row * height)
  const at = (x: number, y: number) => (x < 0 || y < 0 ? 0 : (pixels[y * row + x] ?? 0))
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (row + 1)] ?? 0
    for (let x = 0; x < row; x += 1) {
      const to = y * row + x
      const left = at(x - step, y)
      const above = at(x, y - 1)
      const corner = at(x - step, y - 1)
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter] ?? 0
      pixels[to] = (raw[y * (row + 1) + 1 + x] ?? 0) + guess
    }
  }
  return pixels
}

function paeth(left: number, above: number, corner: number): number {
  const sum = left + above - corner
  const [a, b, c] = [Math.abs(sum - left), Math.abs(sum - above), Math.abs(sum - corner)]
  if (a <= b && a <= c) return left
  return b <= c ? above : corner
}
