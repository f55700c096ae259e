import { peekVarint, type Chunks } from './chunks.ts'
import { ReadFailure } from './failure.ts'

/** The head of a field that waits, before its bytes have come. */
export interface PartHead {
  readonly number: number
  readonly wire: number
  /** Of the bytes, or for a number its value. */
  readonly length: number
  /** Of tag and length. */
  readonly size: number
}

/** The head of the next field, or undefined while it is not whole. */
export function peekPart(chunks: Chunks): PartHead | undefined {
  const tag = peekVarint(chunks)
  if (tag === undefined) return undefined
  const length = peekVarint(chunks, tag.size)
  if (length === undefined) return undefined
  const wire = tag.value % 8
  if (wire !== 2 && wire !== 0) throw new ReadFailure('a list has a field of an unknown wire type')
  const size = tag.size + length.size
  return { number: Math.floor(tag.value / 8), wire, length: length.value, size }
}

/** The bytes of a whole field; undefined while some are missing. */
export function takePart(chunks: Chunks, { wire, size, length }: PartHead): Buffer | undefined {
  return chunks.take(wire === 2 ? size + length : size)?.subarray(size)
}
