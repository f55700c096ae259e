import { expect, test } from 'vitest'
import { newDevice } from '../../support/command-line.ts'

test.each([
  [[]],
  [['no-such-command']],
  [['constructor']],
  [['token', '--no-such-option']],
  [['token', 'surplus']],
  [['login']],
  [['login', 'http://gateway.test', '--name', 'ada', '--password-stdin']],
  [['login', 'https://gateway.test/path', '--name', 'ada', '--password-stdin']],
  [['login', 'https://ada:pw@gateway.test', '--name', 'ada', '--password-stdin']],
  [['login', 'https://gateway.test', '--password-stdin']],
  [['login', 'https://gateway.test']],
  [['sessions', 'revoke']],
  [['audit', 'verify', 'file']],
  [['call', 'persons.nothing']],
  [['call', 'entry.refresh', '{}']],
  [['call', 'persons.me', 'not json']],
  [['call', 'persons.me', '[]']],
])('gatehouse %j is a usage error in one line', async (args) => {
  const { code, stdout, stderr } = await newDevice().run(args)
  expect(code).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toMatch(/^gatehouse: .+\n$/)
})

test('help names every command, and call lists every operation', async () => {
  const device = newDevice()
  const help = await device.run(['help'])
  expect(help).toMatchObject({ code: 0, stderr: '' })
  for (const command of ['login', 'logout', 'token', 'kubeconfig', 'sessions', 'audit verify'])
    expect(help.stdout).toContain(`gatehouse ${command}`)
  const list = await device.run(['call', '--list'])
  expect(list.stdout).toMatch(/^keys\.rotate +admin/m)
})

test('the input of a call is never repeated in an error', async () => {
  const { stderr } = await newDevice().run([
    'call',
    'persons.create',
    '{"password":"hunter2hunter2"',
  ])
  expect(stderr).not.toContain('hunter2')
})

test('a gateway that does not answer is named, with the reason', async () => {
  const device = newDevice()
  const { code, stderr } = await device.run(['call', 'entry.status', '--gateway', '127.0.0.1:1'])
  expect(code).toBe(1)
  expect(stderr).toBe('gatehouse: https://127.0.0.1:1 cannot be reached (ECONNREFUSED)\n')
})
