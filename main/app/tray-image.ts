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

const between = (value: number, low: number, high: number) => value >= low && value < high

function isInk(x: number, y: number): boolean {
  if (between(x, 1, 4) || between(x, 12, 15)) return between(y, 2, 15)
  if (!between(x, 4, 12)) return false
  // The wall above the gate, with battlements.
  if (between(y, 5, 7)) return Math.floor(x / 2) % 2 === 0
  return between(y, 7, 15) && !isOpening(x - 8, y - 12)
}

/** Round above, straight below. */
const isOpening = (dx: number, dy: number) => (dy < 0 ? dx * dx + dy * dy : dx * dx) <= 7
