import { readFileSync } from 'node:fs'
import pg from 'pg'
import { Sequelize } from 'sequelize'

/** PostgreSQL's type number of `bigint`, which the driver gives as text. */
const BIGINT = 20

const driver = {
  Client: pg.Client,
  types: {
    ...pg.types,
    getTypeParser: (...[type, format]: Parameters<typeof pg.types.getTypeParser>): unknown =>
      Number(type) === BIGINT ? wholeNumber : pg.types.getTypeParser(type, format),
  },
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is too large`)
  return value
}

export function connectPostgres(url: string): Sequelize {
  const address = parse(url)
  return new Sequelize({
    dialect: 'postgres',
    dialectModule: driver,
    host: address.hostname,
    port: Number(address.port || 5432),
    database: decodeURIComponent(address.pathname.slice(1)),
    username: decodeURIComponent(address.username),
    password: decodeURIComponent(address.password),
    logging: false,
    pool: { max: 10, acquire: 10_000 },
    dialectOptions: {
      application_name: 'gatehouse',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      ssl: encryption(address),
    },
  })
}

/** No error here repeats the address: it holds a password. */
function parse(url: string): URL {
  if (!URL.canParse(url)) throw new Error('the database address is not a URL')
  const address = new URL(url)
  if (!['postgres:', 'postgresql:'].includes(address.protocol)) {
    throw new Error('the database address begins with sqlite: or postgres://')
  }
  const unknown = [...address.searchParams.keys()].find((key) => !OPTIONS.includes(key))
  if (unknown) throw new Error(`the database address has an unknown option ${unknown}`)
  return address
}

const OPTIONS = ['sslmode', 'sslrootcert']

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** Sequelize itself would ignore `sslmode`; only on this machine may it be left out. */
function encryption(address: URL): false | { ca?: string; rejectUnauthorized: true } {
  const options = address.searchParams
  const mode = options.get('sslmode') ?? (LOOPBACK.includes(address.hostname) ? 'disable' : '')
  const authority = options.get('sslrootcert')
  if (mode === 'disable') return false
  if (!['require', 'verify-ca', 'verify-full'].includes(mode)) {
    throw new Error(
      'the database address needs sslmode: disable, require, verify-ca or verify-full',
    )
  }
  return { rejectUnauthorized: true, ...(authority && { ca: readFileSync(authority, 'utf8') }) }
}
