import { expect, test } from 'vitest'
import { openDatabase } from '../../../server/models/database.ts'

const refusal = async (url: string) => {
  const failure: unknown = await openDatabase(url).catch((error: unknown) => error)
  return failure instanceof Error ? failure.message : 'opened'
}

test('an option that would be ignored is refused', async () => {
  expect(await refusal('postgres://u:hunter2@127.0.0.1:1/db?sslmod=require')).toMatch('sslmod')
  expect(await refusal('postgres://u:hunter2@127.0.0.1:1/db?sslmode=prefer')).toMatch(
    'needs sslmode',
  )
})

test('another machine is reached without encryption only when that is said', async () => {
  expect(await refusal('postgres://u:hunter2@db.invalid:1/db')).toMatch('needs sslmode')
  expect(await refusal('postgres://u:hunter2@db.invalid:1/db?sslmode=disable')).not.toMatch('needs')
})

test('a wrong address is named without its password', async () => {
  for (const url of ['mysql://u:hunter2@h/db', 'u:hunter2@nowhere', 'postgres://u:hunter2@[/db']) {
    expect(await refusal(url)).toMatch('database address')
    expect(await refusal(url)).not.toMatch('hunter2')
  }
})

test('a server that is not there fails within seconds, without the password', async () => {
  const message = await refusal('postgres://u:hunter2@127.0.0.1:1/db')
  expect(message).toMatch('ECONNREFUSED')
  expect(message).not.toMatch('hunter2')
})
