import { lengthPrefixed, MalformedProtobuf, Reader, varintWire, Writer } from './protobuf-wire.ts'

/** How a value travels and how JSON spells it; a message as an object. */
export type FieldType = Plain | Spelling | Message

/** `bytes` stay bytes: they have no spelling here. */
type Plain = 'string' | 'bytes' | 'bool' | 'int'

/** Messages that JSON spells otherwise: metav1.Time as a text, FieldsV1 as what it holds, ExtraValue as a list. */
type Spelling = 'time' | 'json' | 'strings'

export interface Field {
  readonly number: number
  readonly name: string
  readonly type: FieldType
  readonly as?: 'list' | 'map'
  /** JSON shows it even when it has the value that nothing has. */
  readonly isAlwaysShown?: boolean
}

/** A message's fields, in the order in which they are written. */
export type Message = readonly Field[]

export type JsonObject = Readonly<Record<string, unknown>>

/** Reads a message as Kubernetes does: the last scalar wins, messages merge, unknown fields are skipped. */
export const decodeMessage = (bytes: Uint8Array, message: Message): JsonObject =>
  spell(read(new Reader(bytes), message, new Map()), message)

export function encodeMessage(object: JsonObject, message: Message): Uint8Array {
  const writer = new Writer()
  for (const field of message) {
    const value = Object.hasOwn(object, field.name) ? object[field.name] : undefined
    if (value !== undefined && value !== null) writeField(writer, field, value)
  }
  return writer.done()
}

/** Values by field name; an embedded message is a Sent of its own, a list an array, a map a Map. */
type Sent = Map<string, unknown>

const messages: Readonly<Record<Spelling, Message>> = {
  time: [
    { number: 1, name: 'seconds', type: 'int' },
    { number: 2, name: 'nanos', type: 'int' },
  ],
  json: [{ number: 1, name: 'raw', type: 'string' }],
  strings: [{ number: 1, name: 'items', type: 'string', as: 'list' }],
}

const messageOf = (type: Exclude<FieldType, Plain>): Message =>
  typeof type === 'string' ? messages[type] : type

function read(reader: Reader, message: Message, sent: Sent): Sent {
  while (!reader.isAtEnd) {
    const { number, wire } = reader.tag()
    const field = message.find((it) => it.number === number)
    if (field === undefined) reader.skip(wire)
    else if (wire === wireOf(field))
      sent.set(field.name, readField(reader, field, sent.get(field.name)))
    else throw new MalformedProtobuf(`${field.name} has a wrong wire type`)
  }
  return sent
}

const wireOf = ({ type, as }: Field) =>
  as === undefined && (type === 'bool' || type === 'int') ? varintWire : lengthPrefixed

/** `before` is what earlier occurrences of the same field left. */
function readField(reader: Reader, { type, as }: Field, before: unknown): unknown {
  if (as === undefined) return readValue(reader, type, before)
  if (as === 'list') {
    const list = asList(before)
    list.push(readValue(reader, type, undefined))
    return list
  }
  const entry = read(
    reader.message(),
    [
      { number: 1, name: 'key', type: 'string' },
      { number: 2, name: 'value', type },
    ],
    new Map(),
  )
  const value = entry.get('value') ?? (type === 'string' ? '' : new Map())
  return asMap(before).set(asText(entry.get('key')), value)
}

function readValue(reader: Reader, type: FieldType, before: unknown): unknown {
  switch (type) {
    case 'string':
      return reader.text()
    case 'bytes':
      return reader.bytes()
    case 'bool':
      return reader.varint() !== 0n
    case 'int':
      return Number(BigInt.asIntN(64, reader.varint()))
    default:
      return read(reader.message(), messageOf(type), asMap(before))
  }
}

function spell(sent: Sent, message: Message): JsonObject {
  const entries: [string, unknown][] = []
  for (const field of message) {
    const value = spellField(field, sent.get(field.name))
    if (value !== undefined) entries.push([field.name, value])
  }
  return Object.fromEntries(entries)
}

function spellField(field: Field, sent: unknown): unknown {
  const { type, as, isAlwaysShown = false } = field
  if (as !== undefined) return spellMany(field, sent)
  if (sent === undefined && !isAlwaysShown) return undefined
  const value = spellValue(type, sent)
  const isNothing = value === '' || value === false || value === 0
  return isNothing && !isAlwaysShown ? undefined : value
}

function spellMany({ type, as, isAlwaysShown = false }: Field, sent: unknown): unknown {
  if (sent === undefined && !isAlwaysShown) return undefined
  if (as === 'list') return asList(sent).map((it) => spellValue(type, it))
  return Object.fromEntries([...asMap(sent)].map(([key, value]) => [key, spellValue(type, value)]))
}

function spellValue(type: FieldType, sent: unknown): unknown {
  switch (type) {
    case 'string':
      return sent ?? ''
    case 'bytes':
      return sent ?? new Uint8Array(0)
    case 'bool':
      return sent ?? false
    case 'int':
      return sent ?? 0
    case 'strings':
      return asList(asMap(sent).get('items'))
    case 'json':
      return parseJson(asMap(sent).get('raw'))
    case 'time':
      return spellTime(asMap(sent))
    default:
      return spell(asMap(sent), type)
  }
}

function parseJson(raw: unknown): unknown {
  if (raw === undefined || raw === '') return undefined
  try {
    return JSON.parse(asText(raw))
  } catch (cause) {
    throw new MalformedProtobuf('embedded JSON cannot be read', { cause })
  }
}

/** Kubernetes writes no time as an empty message, and JSON leaves it out. */
function spellTime(sent: Sent): string | undefined {
  const seconds = Number(sent.get('seconds') ?? 0)
  if (seconds === 0 && Number(sent.get('nanos') ?? 0) === 0) return undefined
  const date = new Date(seconds * 1000)
  if (Number.isNaN(date.getTime())) throw new MalformedProtobuf('a time is out of range')
  return date.toISOString().replace('.000Z', 'Z')
}

function writeField(writer: Writer, field: Field, value: unknown): void {
  const { number, type, as } = field
  if (as === 'list') {
    if (!Array.isArray(value)) throw misfit(field)
    for (const item of value as unknown[]) writeValue(writer, field, item)
  } else if (as === 'map') {
    const entry: Message = [
      { number: 1, name: 'key', type: 'string' },
      { number: 2, name: 'value', type },
    ]
    for (const [key, item] of Object.entries(asObject(field, value))) {
      writer.bytes(number, encodeMessage({ key, value: item }, entry))
    }
  } else writeValue(writer, field, value)
}

function writeValue(writer: Writer, field: Field, value: unknown): void {
  const { number, type } = field
  if (type === 'string') writer.text(number, stringOf(field, value))
  else if (type === 'bytes') writer.bytes(number, bytesOf(field, value))
  else if (type === 'bool') writer.varint(number, booleanOf(field, value) ? 1n : 0n)
  else if (type === 'int') writer.varint(number, BigInt(integerOf(field, value)))
  else writer.bytes(number, encodeMessage(unspell(field, value), messageOf(type)))
}

/** The object that travels for what JSON spells otherwise. */
function unspell(field: Field, value: unknown): JsonObject {
  switch (field.type) {
    case 'strings':
      return { items: value }
    case 'json':
      return { raw: JSON.stringify(value) }
    case 'time':
      return { seconds: Math.floor(Date.parse(stringOf(field, value)) / 1000) }
    default:
      return asObject(field, value)
  }
}

const misfit = ({ name }: Field) => new MalformedProtobuf(`${name} has a value of a wrong kind`)

function stringOf(field: Field, value: unknown): string {
  if (typeof value !== 'string') throw misfit(field)
  return value
}

function bytesOf(field: Field, value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw misfit(field)
  return value
}

function booleanOf(field: Field, value: unknown): boolean {
  if (typeof value !== 'boolean') throw misfit(field)
  return value
}

function integerOf(field: Field, value: unknown): number {
  if (!Number.isSafeInteger(value)) throw misfit(field)
  return Number(value)
}

function asObject(field: Field, value: unknown): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw misfit(field)
  return value as JsonObject
}

const asText = (value: unknown) => (typeof value === 'string' ? value : '')
const asList = (value: unknown) => (Array.isArray(value) ? (value as unknown[]) : [])
const asMap = (value: unknown): Sent => (value instanceof Map ? (value as Sent) : new Map())
