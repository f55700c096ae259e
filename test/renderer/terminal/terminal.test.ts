import { expect, test } from 'vitest'
import type { ErrorBody } from '#gateway/errors.ts'
import { findLinks, isOpenable } from '../../../renderer/components/terminal/links.ts'
import { needsLook, preparePaste } from '../../../renderer/components/terminal/paste.ts'
import { cleanTitle } from '../../../renderer/components/terminal/title.ts'
import { Acks } from '../../../renderer/data/terminal/acks.ts'
import { delayBefore, mayReturn } from '../../../renderer/data/terminal/attempts.ts'
import { namesIn } from '../../../renderer/data/terminal/containers-in.ts'

test('a paste loses the signs that steer a terminal and keeps its lines', () => {
  const paste = preparePaste('ls\r\n\u001b[201~rm -rf /\u0007\tend\u009b5n')
  expect(paste.text).toBe('ls\n[201~rm -rf /\tend5n')
  expect(paste).toMatchObject({ lines: 2, cleaned: true })
})

test('a paste is looked at when its lines would run, or when something was hidden in it', () => {
  expect(needsLook(preparePaste('echo one'), false)).toBe(false)
  expect(needsLook(preparePaste('echo one\n'), false)).toBe(true)
  expect(needsLook(preparePaste('echo one\necho two'), true)).toBe(false)
  expect(needsLook(preparePaste('echo\u001b[2J'), true)).toBe(true)
})

test('only https addresses without a name in them open, without the sign that ends a sentence', () => {
  expect(findLinks('see https://example.org/a?b=c. or http://plain.example')).toEqual([
    { from: 4, to: 29, address: 'https://example.org/a?b=c' },
  ])
  expect(isOpenable('https://bank.example@evil.example/')).toBe(false)
  expect(isOpenable('javascript:alert(1)')).toBe(false)
})

test('a title shows no control signs, turns no writing round and has an end', () => {
  expect(cleanTitle('a\u202eb\u0007c\u200bd')).toBe('abcd')
  expect(cleanTitle('x'.repeat(500))).toHaveLength(80)
})

test('drawn bytes are told in large pieces and the rest once nothing waits', () => {
  const told: number[] = []
  const acks = new Acks((count) => told.push(count))
  const drawn = [40_000, 10, 10].map((count) => acks.begin(count))
  drawn[0]?.()
  expect(told).toEqual([40_000])
  drawn[1]?.()
  expect(told).toEqual([40_000])
  drawn[2]?.()
  expect(told).toEqual([40_000, 20])
})

test('a lost connection is tried ten times, later and later, up to half a minute', () => {
  const delays = Array.from({ length: 11 }, (_, attempt) => delayBefore(attempt))
  expect(delays.slice(0, 3)).toEqual([2000, 3000, 4500])
  expect(Math.max(...delays.map((it) => it ?? 0))).toBe(30_000)
  expect(delays[10]).toBeUndefined()
})

const lost = { reason: undefined, error: undefined, returns: undefined }
const refused = (code: ErrorBody['code']) => ({ ...lost, error: { code, message: 'x' } })

test('what the gateway ended with a word is not opened again', () => {
  expect(mayReturn(lost, 'shell')).toBe(true)
  expect(mayReturn({ ...lost, reason: 'Your grant has ended' }, 'shell')).toBe(false)
  expect(mayReturn({ ...lost, reason: 'Your grant has ended' }, 'log')).toBe(false)
  expect(mayReturn(refused('unavailable'), 'shell')).toBe(true)
  expect(mayReturn(refused('forbidden'), 'log')).toBe(false)
  expect(mayReturn(refused('bad_gateway'), 'log')).toBe(true)
  expect(mayReturn(refused('bad_gateway'), 'attach')).toBe(false)
})

test('after a restart of the gateway lines and what one is attached to go on, a shell does not', () => {
  const restart = { ...lost, reason: 'The gateway is restarting', returns: true }
  expect(mayReturn(restart, 'log')).toBe(true)
  expect(mayReturn(restart, 'attach')).toBe(true)
  expect(mayReturn(restart, 'shell')).toBe(false)
})

test('the names of containers are read from any pod', () => {
  const spec = {
    containers: [{ name: 'app' }, { name: 'proxy' }],
    ephemeralContainers: [{ name: 'debug' }],
  }
  expect(namesIn({ spec })).toEqual(['app', 'proxy', 'debug'])
  expect(namesIn({ spec: { containers: 'none' } })).toEqual([])
})
