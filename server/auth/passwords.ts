import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { Turnstile } from './turnstile.ts'

const argon2id = promisify(argon2)

interface Cost {
  /** KiB. */
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
}

const cost: Cost = { memory: 19_456, passes: 2, parallelism: 1 }
const saltLength = 16
const hashLength = 32

// Two of libuv's four threads, 38 MiB: a flood of sign-ins leaves the database its threads.
const turnstile = new Turnstile({ atOnce: 2, waiting: 64, milliseconds: 5_000 })

/** @returns a PHC string. @throws AppError rate_limited when too many wait to be hashed. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltLength)
  const hash = await turnstile.pass(() => derive(password, salt, cost))
  return write(salt, hash)
}

/**
 * Compares a password with what is stored. For a person who does not exist, `stored` is undefined
 * and the answer takes as long as for one who does.
 * @throws AppError rate_limited when too many wait to be compared.
 */
export async function verifyPassword(
  password: string,
  stored: string | undefined,
): Promise<boolean> {
  const parsed = stored === undefined ? undefined : read(stored)
  const { salt, hash, cost } = parsed ?? nobody
  const derived = await turnstile.pass(() => derive(password, salt, cost))
  return timingSafeEqual(derived, hash) && parsed !== undefined
}

const derive = (password: string, salt: Buffer, { memory, passes, parallelism }: Cost) =>
  argon2id('argon2id', {
    // The same letters can be typed as different code points.
    message: password.normalize('NFKC'),
    nonce: salt,
    memory,
    passes,
    parallelism,
    tagLength: hashLength,
  })

const nobody = { salt: randomBytes(saltLength), hash: randomBytes(hashLength), cost }

const write = (salt: Buffer, hash: Buffer) =>
  `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${bare(salt)}$${bare(hash)}`

const bare = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')

const pattern =
  /^\$argon2id\$v=19\$m=(\d{1,6}),t=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/]{11,64})\$([A-Za-z0-9+/]{43})$/

function read(stored: string) {
  const [, memory, passes, parallelism, salt = '', hash = ''] = pattern.exec(stored) ?? []
  if (memory === undefined) throw new Error('A stored password hash cannot be read')
  return {
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
    cost: {
      memory: Number(memory),
      passes: Number(passes),
      parallelism: Number(parallelism),
    },
  }
}
