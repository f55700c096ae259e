/** A gate between two towers, drawn: 16 units to a side, one colour, as a bitmap of four bytes a pixel. */
export function drawMark(size: number, gray: number): Buffer {
  const pixels = Buffer.alloc(size * size * 4)
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1)
      if (isInk(((x + 0.5) / size) * 16, ((y + 0.5) / size) * 16)) {
        const at = (y * size + x) * 4
        pixels.fill(gray, at, at + 3)
        pixels[at + 3] = 255
      }
  return pixels
}

const plate = { blue: 0x7d, green: 0x6b, red: 0x0b }
const samples = 3

/** The same mark in white on a plate with round corners: the app's icon, as a bitmap of blue, green, red, alpha. */
export function drawIcon(size: number): Buffer {
  const pixels = Buffer.alloc(size * size * 4)
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1) {
      let [ink, covered] = [0, 0]
      for (let sample = 0; sample < samples * samples; sample += 1) {
        const [dx, dy] = [sample % samples, Math.floor(sample / samples)]
        const across = ((x + (dx + 0.5) / samples) / size) * 24
        const down = ((y + (dy + 0.5) / samples) / size) * 24
        if (!isPlate(across, down)) continue
        covered += 1
        if (isInk(across - 4, down - 4)) ink += 1
      }
      if (covered > 0) pixels.set(blend(ink / covered, covered), (y * size + x) * 4)
    }
  return pixels
}

function blend(ink: number, covered: number): number[] {
  const { blue, green, red } = plate
  const mixed = [blue, green, red].map((it) => Math.round(it + (255 - it) * ink))
  return [...mixed, Math.round((covered / (samples * samples)) * 255)]
}

/** 24 units to a side, a margin of one, corners of five. */
function isPlate(x: number, y: number): boolean {
  const [dx, dy] = [Math.max(6 - x, x - 18, 0), Math.max(6 - y, y - 18, 0)]
  return dx * dx + dy * dy < 25
}

const between = (value: number, low: number, high: number) => value >= low && value < high

function isInk(x: number, y: number): boolean {
  if (between(x, 1, 4) || between(x, 12, 15)) return between(y, 2, 15)
  if (!between(x, 4, 12)) return false
  // The wall above the gate, with battlements.
  if (between(y, 5, 7)) return Math.abs(x - 8) < 1 || Math.abs(x - 8) >= 3
  return between(y, 7, 15) && !isOpening(x - 8, y - 12)
}

/** Round above, straight below. */
const isOpening = (dx: number, dy: number) => (dy < 0 ? dx * dx + dy * dy : dx * dx) <= 7
