import { z } from 'zod'
import { ErrorBody } from './errors.ts'
import { InNamespace, ObjectName, Place } from './place.ts'
import { ViewAnswer, ViewAsk } from './views.ts'

/**
 * Something long-lived between a window and the gateway, carried by one WebSocket at `/streams/<name>`.
 * The first text message is the input; the answer is `opened` or `failed`. After that, text messages are
 * `up` and `down`, binary ones are bytes of a terminal.
 */
export interface StreamContract<
  I extends z.ZodType = z.ZodType,
  U extends z.ZodType = z.ZodType,
  D extends z.ZodType = z.ZodType,
> {
  readonly input: I
  readonly up: U
  readonly down: D
  /** Whether binary messages travel. */
  readonly bytes: boolean
}

const stream = <I extends z.ZodType, U extends z.ZodType, D extends z.ZodType>(
  it: StreamContract<I, U, D>,
) => it

/** The first answer on every stream, and the last when it is ended by the gateway. */
export const StreamControl = z.discriminatedUnion('type', [
  z.object({ type: z.literal('opened') }),
  z.object({ type: z.literal('failed'), error: ErrorBody }),
  /**
   * Ended by the gateway: a right ended, it is restarting. The word is for people; `returns` says that the
   * same may be asked for again in a moment, because nothing but the gateway itself stood in the way.
   */
  z.object({
    type: z.literal('closed'),
    reason: z.string(),
    returns: z.boolean().optional(),
  }),
  /** Every few seconds to a page, which sees no pings: without it a lost network looks like a quiet stream. */
  z.object({ type: z.literal('beat') }),
])
export type StreamControl = z.infer<typeof StreamControl>

const Container = Place.extend({
  namespace: InNamespace,
  pod: ObjectName,
  container: ObjectName.optional(),
})

/**
 * What the client has worked off: bytes of a terminal’s output without their first byte, lines of logs. The
 * other side pauses when too much is under way.
 */
const Ack = z.strictObject({ type: z.literal('ack'), count: z.number().int().positive() })

export const TerminalInput = Container.extend({
  mode: z.enum(['exec', 'attach', 'debug']),
  /** For `exec`; empty asks for a shell: bash, else sh. */
  command: z.array(z.string().max(4096)).max(100).default([]),
  /** For `debug`: the image of the ephemeral container. */
  image: z.string().max(500).optional(),
  tty: z.boolean().default(true),
  columns: z.number().int().min(1).max(1000).default(80),
  rows: z.number().int().min(1).max(1000).default(24),
})
export type TerminalInput = z.infer<typeof TerminalInput>

/** Beside this, binary messages are input: bytes as they were typed, nothing before them. */
export const TerminalUp = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('resize'),
    columns: z.number().int().min(1).max(1000),
    rows: z.number().int().min(1).max(1000),
  }),
  /** The end of the input, as Ctrl-D in a pipe. */
  z.strictObject({ type: z.literal('eof') }),
  Ack,
])
export type TerminalUp = z.infer<typeof TerminalUp>

/** Beside this, binary messages are output: the first byte is 1 for stdout, 2 for stderr. */
export const TerminalDown = z.discriminatedUnion('type', [
  /** Bytes of input that were passed on, said for large inputs only: at most 4 MiB may be under way. */
  z.object({ type: z.literal('ack'), count: z.number().int() }),
  /** The container that was entered, when the client named none. */
  z.object({ type: z.literal('entered'), container: z.string(), command: z.array(z.string()) }),
  /** What is awaited, while a debug container starts. */
  z.object({ type: z.literal('waiting'), reason: z.string() }),
  /** The program has ended. Without a code the cluster gave none. */
  z.object({
    type: z.literal('exit'),
    code: z.number().int().optional(),
    reason: z.string().optional(),
  }),
])
export type TerminalDown = z.infer<typeof TerminalDown>

/** Pods that one stream of logs is asked for by name. */
export const mostLogPods = 50

export const LogsInput = Place.extend({
  namespace: InNamespace,
  /** Named pods, or all that a selector finds, those included that start later. */
  pods: z.array(ObjectName).min(1).max(mostLogPods).optional(),
  selector: z.string().max(1000).optional(),
  /** Absent means all containers, those of init included. */
  container: ObjectName.optional(),
  previous: z.boolean().default(false),
  follow: z.boolean().default(true),
  /** Lines of each container from before now. */
  tail: z.number().int().min(0).max(1_000_000).optional(),
  sinceSeconds: z.number().int().positive().max(31_536_000).optional(),
  /**
   * Only lines in which this is found travel, whatever its case; a regular expression when `pattern` is true,
   * without look-around and back references.
   */
  filter: z.string().max(200).optional(),
  pattern: z.boolean().default(false),
})
export type LogsInput = z.infer<typeof LogsInput>

export const LogsUp = Ack
export type LogsUp = z.infer<typeof LogsUp>

export const LogsDown = z.discriminatedUnion('type', [
  /**
   * A container whose log is read. One that `failed` may be `open` again later, while the stream lasts; -1 is
   * no source but says that there are too many.
   */
  z.object({
    type: z.literal('source'),
    source: z.number().int(),
    pod: z.string(),
    container: z.string(),
    status: z.enum(['open', 'ended', 'failed']),
    reason: z.string().optional(),
  }),
  z.object({
    type: z.literal('lines'),
    /** Source, RFC 3339 time in UTC with nanoseconds or '' where there is none, text. In order for each source. */
    lines: z.array(z.tuple([z.number().int(), z.string(), z.string()])),
  }),
  /** A connection was lost and found: lines between the times may be missing when `whole` is false. */
  z.object({
    type: z.literal('gap'),
    source: z.number().int(),
    from: z.string(),
    to: z.string(),
    whole: z.boolean(),
    recovered: z.number().int(),
  }),
  /** Nothing will follow. */
  z.object({ type: z.literal('end') }),
])
export type LogsDown = z.infer<typeof LogsDown>

export const streams = {
  views: stream({ input: z.strictObject({}), up: ViewAsk, down: ViewAnswer, bytes: false }),
  terminal: stream({
    input: TerminalInput.strict(),
    up: TerminalUp,
    down: TerminalDown,
    bytes: true,
  }),
  logs: stream({ input: LogsInput.strict(), up: LogsUp, down: LogsDown, bytes: false }),
}
export type StreamName = keyof typeof streams

/**
 * The gateway’s end of a stream, whatever carries it. Listeners are set before the call returns that was
 * given the port. `opened` is said by whoever serves the stream, as soon as it is decided that it may be.
 */
export interface StreamPort {
  /** A message of the contract; never throws, also after the end. */
  send(message: unknown): void
  /** A whole text message that was made elsewhere (a worker), already JSON. */
  sendText(json: string): void
  sendBytes(bytes: Uint8Array): void
  /** Bytes that were sent and have not left this process. */
  readonly waiting: number
  /** Messages that passed the `up` schema; one listener. What does not pass ends the stream. */
  onMessage(listener: (message: never) => void): void
  onBytes(listener: (bytes: Uint8Array) => void): void
  /** Once, whoever ended it. */
  onClose(listener: () => void): void
  /**
   * Tells why (`closed`) and ends it; what was sent before still travels. With `returns`, the same may be asked
   * for again in a moment.
   */
  close(reason: string, returns?: boolean): void
  /** Ends it at once, for a right that has ended. */
  cut(reason: string): void
  /** Says `failed`, before or after it was opened, and ends it; what was sent before still travels. */
  fail(error: ErrorBody): void
  /** Ends it without a word, because the last message of the contract has said so. */
  end(): void
}
