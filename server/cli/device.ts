import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { randomUUID } from 'node:crypto'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { Refusal } from './refusal.ts'

/** What this device remembers of one gateway: one file, readable by its owner only. */
export interface Device {
  readonly address: string
  /** The only authority that may vouch for this gateway; absent means those of the system. */
  readonly caPem?: string
  /** Absent after signing out: the authority stays remembered. */
  readonly session?: DeviceSession
}

export interface DeviceSession {
  readonly id: string
  readonly person: string
  readonly accessToken: string
  /** By this machine's clock, so that a wrong one does not hand out dead tokens. */
  readonly accessExpiresAt: string
  readonly refreshToken: string
}

/** The folder of all state; made when first needed. */
export function home(): string {
  const { GATEHOUSE_HOME: own, XDG_CONFIG_HOME: config } = process.env
  if (own) return resolve(own)
  return join(config ? resolve(config) : join(homedir(), '.config'), 'gatehouse')
}

/** Escaped rather than shortened, so that no two gateways share a file. */
export const fileOf = (address: string) =>
  join(home(), `${encodeURIComponent(address.slice('https://'.length))}.json`)

/** What is remembered of this gateway; undefined for one that is not known. */
export function readDevice(address: string): Device | undefined {
  const file = fileOf(address)
  const text = readPrivate(file)
  if (text === undefined) return undefined
  const device = parse(text)
  if (device?.address !== address)
    throw new Refusal(`${file} is damaged: remove it and sign in again`)
  return device
}

/** Replaces what is remembered, whole or not at all. */
export function writeDevice(device: Device): void {
  makeHome()
  writePrivate(fileOf(device.address), `${JSON.stringify(device, undefined, 2)}\n`)
}

export function makeHome(): void {
  mkdirSync(home(), { recursive: true, mode: 0o700 })
  const { mode } = statSync(home())
  if (process.platform !== 'win32' && mode & 0o022)
    throw new Refusal(`Others can write to ${home()}: run chmod 700 on it first`)
}

/** The gateway that is meant: the named one, else the only one with a session here. */
export function gatewayMeant(named: string | undefined): string {
  if (named !== undefined) return named
  const signedIn = knownAddresses().filter((address) => readDevice(address)?.session)
  const [address, ...others] = signedIn
  if (address === undefined)
    throw new Refusal('Nobody is signed in here: run gatehouse login <address>')
  if (others.length > 0) throw new Refusal(`Say which with --gateway: ${signedIn.join(', ')}`)
  return address
}

function knownAddresses(): string[] {
  try {
    const files = readdirSync(home()).filter((name) => name.endsWith('.json'))
    return files.map((name) => `https://${decodeURIComponent(name.slice(0, -'.json'.length))}`)
  } catch (error) {
    if (isAbsent(error)) return []
    throw error
  }
}

/** Writes beside the target, then renames: a reader sees the old file or the new one. */
export function writePrivate(file: string, text: string): void {
  const draft = `${file}.${randomUUID()}`
  try {
    const handle = openSync(draft, 'wx', 0o600)
    try {
      writeSync(handle, text)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    renameSync(draft, file)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

/** Refuses what others can read or have put there: it is judged by the handle that is then read. */
function readPrivate(file: string): string | undefined {
  let handle: number
  try {
    handle = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
  try {
    const { mode, uid } = fstatSync(handle)
    if (process.getuid && uid !== process.getuid())
      throw new Refusal(`${file} belongs to somebody else: remove it and sign in again`)
    if (process.platform !== 'win32' && mode & 0o077)
      throw new Refusal(`Others can read ${file}: remove it and sign in again`)
    return readFileSync(handle, 'utf8')
  } finally {
    closeSync(handle)
  }
}

// By hand: a schema would cost `gatehouse token` three times its running time.
function parse(text: string): Device | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isRecord(value) || typeof value['address'] !== 'string') return undefined
  const { address, caPem, session } = value
  if (caPem !== undefined && typeof caPem !== 'string') return undefined
  if (session !== undefined && !isSession(session)) return undefined
  return { address, ...(caPem !== undefined && { caPem }), ...(session && { session }) }
}

const isSession = (value: unknown): value is DeviceSession =>
  isRecord(value) &&
  ['id', 'person', 'accessToken', 'accessExpiresAt', 'refreshToken'].every(
    (key) => typeof value[key] === 'string',
  )

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const isAbsent = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'
