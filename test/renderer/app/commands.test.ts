import { expect, test } from 'vitest'
import { commandOf, type Command } from '../../../renderer/app/commands.ts'

const command = (id: string, keys: string, overTerminal = false): Command => ({
  id,
  keys,
  title: id,
  section: 'Everywhere',
  overTerminal,
  run: () => undefined,
})
const commands = [
  command('palette', 'mod+k'),
  command('tree', 'mod+b'),
  command('back', 'escape'),
  command('leave', 'mod+f6', true),
]
const press = (key: string, ctrlKey = false) => ({
  key,
  ctrlKey,
  metaKey: false,
  altKey: false,
  shiftKey: false,
})

test('a key stands for its command, whatever the case of its letter', () => {
  expect(commandOf(press('k', true), commands, false)?.id).toBe('palette')
  expect(commandOf(press('F6', true), commands, false)?.id).toBe('leave')
  expect(commandOf(press('k'), commands, false)).toBeUndefined()
})

test('from a terminal only the key that leaves it is taken, never Escape or a control key', () => {
  expect(commandOf(press('F6', true), commands, true)?.id).toBe('leave')
  for (const [key, ctrl] of [
    ['k', true],
    ['b', true],
    ['Escape', false],
    ['F6', false],
  ] as const)
    expect(commandOf(press(key, ctrl), commands, true)).toBeUndefined()
})
