import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import type { Preset } from '../../../server/contract/grants.ts'
import { readIfThere, writePrivate } from './remembered.ts'

export interface Account {
  readonly name: string
  readonly password: string
}

/** Someone to try Gatehouse with. */
export interface SamplePerson extends Account {
  readonly preset: Preset
  /** Absent means all. */
  readonly namespaces?: readonly string[]
  readonly may: string
}

export interface Passwords {
  readonly administrator: Account
  readonly people: readonly SamplePerson[]
}

export const passwordFile = (folder: string) => join(folder, 'passwords.json')

/** Those of this installation, made at the first start and readable by its owner only. */
export function openPasswords(folder: string): Passwords {
  const file = passwordFile(folder)
  const text = readIfThere(file)
  if (text !== undefined) return JSON.parse(text) as Passwords
  const made = makePasswords()
  writePrivate(file, made)
  return made
}

const makePasswords = (): Passwords => ({
  administrator: { name: 'root', password: randomPassword() },
  people: samplePeople.map((it) => ({ ...it, password: randomPassword() })),
})

const samplePeople: readonly Omit<SamplePerson, 'password'>[] = [
  { name: 'viewer', preset: 'viewer', may: 'reads everything but Secrets' },
  {
    name: 'developer',
    preset: 'developer',
    namespaces: ['shop'],
    may: 'also changes workloads, in shop',
  },
  {
    name: 'operator',
    preset: 'operator',
    namespaces: ['shop', 'payments'],
    may: 'also exec, attach, port-forward, debug, in shop and payments',
  },
  { name: 'admin', preset: 'admin', may: 'does everything in the cluster' },
]

// None of them looks like another.
const letters = '23456789abcdefghjkmnpqrstuvwxyz'

/** Some 99 bits, in groups that can be read aloud. */
function randomPassword(): string {
  const group = () => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('')
  return [group(), group(), group(), group()].join('-')
}
