import { useEffect, useRef } from 'react'

/** Something that can be done now: by a key, from the palette, and listed in the key help. */
export interface Command {
  readonly id: string
  readonly title: string
  /** `mod+k`, `ctrl+d`, `l`, `?`; `mod` is ⌘ or Ctrl. */
  readonly keys?: string
  /** Where it stands in the help. */
  readonly section: string
  /** Why it cannot be done; then it is shown, but not done. */
  readonly refusal?: string | undefined
  /** Known to the keyboard only: moving in a list is nothing to choose in a palette. */
  readonly quiet?: boolean
  /** Done in a terminal too, which never sees the key: only for keys that no shell uses. */
  readonly overTerminal?: boolean
  readonly run: () => void
}

const owners = new Map<symbol, () => readonly Command[]>()

/** Offers commands for as long as the component is there; the newest owner of a key has it. */
export function useCommands(commands: readonly Command[]): void {
  const latest = useRef(commands)
  useEffect(() => {
    latest.current = commands
  })
  useEffect(() => {
    const owner = Symbol('commands')
    owners.set(owner, () => latest.current)
    return () => {
      owners.delete(owner)
    }
  }, [])
}

/** All that can be done now, the nearest first. */
export function presentCommands(): readonly Command[] {
  const all = [...owners.values()].reverse().flatMap((list) => list())
  const ids = new Set<string>()
  return all.filter(({ id }) => !ids.has(id) && ids.add(id))
}

/** For whoever asks by name: the menu of the app. What is not there now is not done. */
export function runCommand(id: string): void {
  const command = presentCommands().find((it) => it.id === id)
  if (command && !command.refusal) command.run()
}

const isMac = navigator.userAgent.includes('Mac')

/** Gives keys to commands; gives back the end of it. */
export function startKeys(): () => void {
  window.addEventListener('keydown', notice, true)
  window.addEventListener('keydown', press)
  return () => {
    window.removeEventListener('keydown', notice, true)
    window.removeEventListener('keydown', press)
  }
}

let dialogWasOpen = false

/** Looks before anybody acts: the Escape that closes a dialog must not close what is below it too. */
function notice(event: KeyboardEvent): void {
  dialogWasOpen = document.querySelector('[role="dialog"][aria-modal="true"]') !== null
  if (dialogWasOpen || !isIn(event.target, '.xterm')) return
  const command = commandOf(event, presentCommands(), true)
  if (!command) return
  event.preventDefault()
  event.stopPropagation()
  if (!command.refusal) command.run()
}

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** The command that a key stands for; from within a terminal only those that may be taken from it. */
export function commandOf(
  event: Pressed,
  commands: readonly Command[],
  inTerminal: boolean,
): Command | undefined {
  const names = namesOf(event)
  const named = commands.find((it) => it.keys && names.includes(it.keys.toLowerCase()))
  return inTerminal && named?.overTerminal !== true ? undefined : named
}

function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return
  const command = commandOf(event, presentCommands(), false)
  if (!command || belongsElsewhere(event)) return
  event.preventDefault()
  if (!command.refusal) command.run()
}

function namesOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Pressed): string[] {
  const name = key === ' ' ? 'space' : key.toLowerCase()
  // Of a sign, shift is already a part; of a letter it is not, once that is lower case.
  const printed = key.length === 1 && !/[a-z]/i.test(key)
  const shift = shiftKey && !printed ? 'shift+' : ''
  const alt = altKey ? 'alt+' : ''
  if (!ctrlKey && !metaKey) return [`${alt}${shift}${name}`]
  const own = `${ctrlKey ? 'ctrl+' : ''}${metaKey ? 'meta+' : ''}${alt}${shift}${name}`
  return (isMac ? metaKey : ctrlKey) ? [own, `mod+${alt}${shift}${name}`] : [own]
}

const isIn = (target: EventTarget | null, selector: string) =>
  target instanceof Element && target.closest(selector) !== null

const typing = 'input, textarea, select, [contenteditable="true"], .cm-editor, .xterm'
const overlays = '[role="dialog"], [role="menu"], [role="listbox"]'
const movers = '[role="tablist"], [role="radiogroup"], [role="separator"], [role="tree"]'
const pressable = 'button, a, summary, [role="tab"], [role="checkbox"]'

function belongsElsewhere({ target, key, ctrlKey, metaKey }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false
  // A dialog that has just opened may not have the focus yet: what is typed is meant for it.
  if (dialogWasOpen) return true
  const within = (selector: string) => target.closest(selector) !== null
  if (within(overlays)) return true
  // A shell needs its own control keys; ⌘ is not one of them.
  if (within('.xterm')) return !metaKey
  if (within(typing) && !isBox(target)) return !(ctrlKey || metaKey) || key.toLowerCase() === 'd'
  if (key.startsWith('Arrow')) return within(movers)
  return (key === 'Enter' || key === ' ') && within(pressable)
}

/** A tick box takes no text. */
const isBox = (target: Element) =>
  target instanceof HTMLInputElement && ['checkbox', 'radio'].includes(target.type)
