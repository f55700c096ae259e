/**
 * Why a command stops, for the person at the terminal. The contract's AppError would do, but it loads
 * zod, which costs `gatehouse token` more than everything else it does.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}

/** The command was not written as it should be. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
