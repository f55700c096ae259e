import { expect, test } from 'vitest'
import type { Person } from '#gateway/persons.ts'
import { Password } from '#gateway/text.ts'
import { newPassword } from '../../../renderer/screens/admin/new-password.ts'
import { stepOf, stepsFor } from '../../../renderer/screens/admin/person-steps.ts'
import {
  changedFrom,
  emptyReach,
  given,
  reachOf,
} from '../../../renderer/screens/admin/reach-draft.ts'
import { english } from '../../../renderer/texts/en/catalogue.ts'

const person: Person = {
  id: '0b51e7a4-6f8e-4c4f-9d0c-0f3f3f6f1a11',
  name: 'ada',
  admin: false,
  disabled: false,
  createdAt: '2026-11-22T08:00:00Z',
}

test('an account is offered only the steps that change something', () => {
  expect(stepsFor(person)).toEqual(['promote', 'disable'])
  expect(stepsFor({ ...person, admin: true, disabled: true })).toEqual(['demote', 'enable'])
  for (const step of stepsFor(person)) expect(stepOf(step, false).change).not.toEqual({})
  expect(stepOf('demote', false).change).toEqual({ admin: false })
  expect(stepOf('disable', false).change).toEqual({ disabled: true })
})

test('what somebody takes from themselves is asked about in other words, with danger', () => {
  for (const step of ['demote', 'disable'] as const) {
    const [own, other] = [stepOf(step, true), stepOf(step, false)]
    expect(own.change).toEqual(other.change)
    expect(own.danger).toBe(true)
    expect(english.admin[own.text]).toMatch(/your own account/)
    expect(english.admin[other.text]).not.toMatch(/your own/)
  }
  expect(stepOf('promote', true)).toEqual(stepOf('promote', false))
})

test('a password that is made up is long enough, another each time, and can be read out', () => {
  const made = Array.from({ length: 200 }, newPassword)
  expect(new Set(made).size).toBe(200)
  for (const it of made) {
    expect(it).toMatch(/^([a-km-np-z2-9]{5}-){3}[a-km-np-z2-9]{5}$/)
    expect(Password.safeParse(it).success).toBe(true)
  }
  expect(new Set(made.join('').replaceAll('-', '')).size).toBe(32)
})

test('the gateway is told only what was typed, and of a change only what is new', () => {
  const reach = { ...emptyReach, address: ' https://10.0.0.1:6443 ' }
  expect(reachOf(reach)).toEqual({ address: 'https://10.0.0.1:6443' })
  expect(reachOf({ ...reach, serverName: 'api.example' })).toEqual({
    address: 'https://10.0.0.1:6443',
    serverName: 'api.example',
  })
  const before = { ...emptyReach, name: 'Shop', address: 'https://a', serverName: 'x' }
  expect(changedFrom(before, { ...before, name: 'Store ' })).toEqual({ name: 'Store' })
  // What is emptied stays as it is: the contract knows no way to take it away.
  expect(changedFrom(before, { ...before, serverName: '' })).toEqual({})
  expect(given({ keeperToken: '', keeperNamespace: ' a ' })).toEqual({ keeperNamespace: 'a' })
})
