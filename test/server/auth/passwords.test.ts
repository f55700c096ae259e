import { expect, test } from 'vitest'
import { hashPassword, verifyPassword } from '../../../server/auth/passwords.ts'
import { Turnstile } from '../../../server/auth/turnstile.ts'

const password = 'correct horse battery'

test('a password is known again by its hash, which is different every time', async () => {
  const [first, second] = [await hashPassword(password), await hashPassword(password)]
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(first).not.toBe(second)
  await expect(verifyPassword(password, first)).resolves.toBe(true)
  await expect(verifyPassword('correct horse batterz', first)).resolves.toBe(false)
  await expect(verifyPassword('', first)).resolves.toBe(false)
})

test('the same letters typed on another keyboard are the same password', async () => {
  const stored = await hashPassword('caf\u00e9 au lait, please')
  await expect(verifyPassword('cafe\u0301 au lait, please', stored)).resolves.toBe(true)
})

test('a hash of the reference implementation is understood, with its own cost', async () => {
  const stored =
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  await expect(verifyPassword('password', stored)).resolves.toBe(true)
  await expect(verifyPassword('Password', stored)).resolves.toBe(false)
})

test('nobody’s password is never right, and a hash that cannot be read is an error', async () => {
  await expect(verifyPassword(password, undefined)).resolves.toBe(false)
  await expect(verifyPassword(password, 'none')).rejects.toThrow('cannot be read')
})

test('a turnstile lets some through at once, some wait, and sends the rest away at once', async () => {
  const turnstile = new Turnstile({ atOnce: 2, waiting: 3, milliseconds: 10_000 })
  const gate = Promise.withResolvers<void>()
  let inside = 0
  let most = 0
  const attempts = Array.from({ length: 8 }, () =>
    turnstile.pass(async () => {
      inside += 1
      most = Math.max(most, inside)
      await gate.promise
      inside -= 1
    }),
  )
  const refusals = await Promise.allSettled(attempts.slice(5))
  const code = { code: 'rate_limited', retryAfter: 5 }
  expect(refusals).toMatchObject(Array(3).fill({ status: 'rejected', reason: code }))
  gate.resolve()
  await Promise.all(attempts.slice(0, 5))
  expect(most).toBe(2)
})

test('who waits too long at a turnstile is sent away, and the place is not lost', async () => {
  const turnstile = new Turnstile({ atOnce: 1, waiting: 5, milliseconds: 50 })
  const gate = Promise.withResolvers<string>()
  const first = turnstile.pass(() => gate.promise)
  await expect(turnstile.pass(async () => 'late')).rejects.toMatchObject({ code: 'rate_limited' })
  gate.resolve('first')
  await expect(first).resolves.toBe('first')
  await expect(turnstile.pass(async () => 'next')).resolves.toBe('next')
  const failing = turnstile.pass(() => Promise.reject(new Error('no')))
  await expect(failing).rejects.toThrow('no')
  await expect(turnstile.pass(async () => 'after')).resolves.toBe('after')
})
