/** Bytes from a cluster that are cut, malformed or larger than anything it may hold. */
export class ReadFailure extends Error {
  override readonly name = 'ReadFailure'
}
