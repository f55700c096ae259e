import type { Rate } from './rate.ts'

export interface Limit extends Rate {
  /** Of the input, as JSON. */
  readonly bytes: number
  /** After which the window is told that nothing came; 0 where a person is asked. */
  readonly seconds: number
}

const kilobyte = 1024
const megabyte = 1024 * kilobyte

const usual: Limit = { bytes: 2 * megabyte, burst: 100, perSecond: 50, seconds: 120 }
/** Each of these costs the gateway a password hash, or a person a look. */
const rare = { burst: 5, perSecond: 0.5 }

/** What differs from the usual, by channel. */
const exceptions: Readonly<Record<string, Partial<Limit>>> = {
  'desktop:session.signIn': { ...rare, bytes: 4 * kilobyte },
  'desktop:session.signOut': rare,
  'desktop:gateways.probe': { burst: 10, perSecond: 1, bytes: 4 * kilobyte },
  'desktop:gateways.trust': rare,
  'desktop:gateways.replaceKey': { ...rare, seconds: 0 },
  'desktop:gateways.forget': { ...rare, seconds: 0 },
  'desktop:shell.openExternal': { ...rare, bytes: 16 * kilobyte, seconds: 0 },
  'desktop:shell.saveText': { ...rare, bytes: 66 * megabyte, seconds: 0 },
  'desktop:forwards.start': { burst: 10, perSecond: 2 },
  'gateway:entry.setUp': { ...rare, bytes: 4 * kilobyte },
  'gateway:persons.changePassword': { ...rare, bytes: 4 * kilobyte },
  'gateway:objects.apply': { bytes: 4 * megabyte },
  'stream:localTerminal': { burst: 10, perSecond: 1, bytes: 4 * kilobyte, seconds: 0 },
}

export const limitOf = (channel: string): Limit => ({ ...usual, ...exceptions[channel] })

/** Over all channels of one window together. */
export const totalRate: Rate = { burst: 400, perSecond: 200 }
/** Calls of one window that are under way at once. */
export const atOnce = 64
/** Ports of one window that are open at once. */
export const portsAtOnce = 64

/** What a window may send up one port. */
export const upLimits = {
  /** Of one message, text or bytes. */
  bytes: megabyte,
  messages: { burst: 1000, perSecond: 500 },
  traffic: { burst: 16 * megabyte, perSecond: 8 * megabyte },
  /** Taken from the window and not yet by the network. */
  waiting: 8 * megabyte,
} as const
