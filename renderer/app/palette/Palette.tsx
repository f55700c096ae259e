import { Modal } from '@mantine/core'
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { KeyHint } from '../../components/KeyHint.tsx'
import { useTexts } from '../../texts/texts.ts'
import { presentCommands } from '../commands.ts'
import type { Entry } from './entries.ts'
import { useObjectEntries } from './use-object-entries.ts'
import { usePaletteEntries } from './use-palette-entries.ts'
import styles from './Palette.module.css'

/** Everything by keyboard: objects, kinds, clusters and what can be done now. */
export function Palette({ text: first, onClose }: { text: string; onClose: () => void }) {
  const t = useTexts('frame')
  const [text, setText] = useState(first)
  // What was pointed at stays chosen while others are still found.
  const [held, setHeld] = useState<string>()
  // What could be done where the palette was opened; in it, there is nothing to do but to choose.
  const commands = useMemo(() => presentCommands(), [])
  const fixed = usePaletteEntries(text, commands)
  const objects = useObjectEntries(text)
  const entries = [...fixed, ...objects.entries]
  const list = useRef<HTMLUListElement>(null)
  const chosen = Math.max(
    0,
    entries.findIndex((it) => it.id === held),
  )
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [chosen])

  const choose = (entry: Entry | undefined) => {
    if (!entry || entry.refusal) return
    onClose()
    entry.run()
  }
  const press = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    const next = entries[(chosen + by + entries.length) % Math.max(1, entries.length)]
    if (by !== 0) setHeld(next?.id)
    else if (event.key === 'Enter') choose(entries[chosen])
    else return
    event.preventDefault()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      size={640}
      padding={0}
      yOffset="10vh"
      attributes={{ content: { 'aria-label': t('palette') } }}
      transitionProps={{ duration: 0 }}
    >
      <input
        className={styles['field']}
        role="combobox"
        aria-expanded
        aria-controls="palette-list"
        {...(entries.length > 0 && { 'aria-activedescendant': `palette-${String(chosen)}` })}
        aria-label={t('palette')}
        placeholder={t('paletteHint')}
        spellCheck={false}
        autoComplete="off"
        data-autofocus
        // At once, not when the dialog has settled: whoever types fast is typing already.
        ref={takeFocus}
        value={text}
        onChange={({ currentTarget }) => {
          setText(currentTarget.value)
          setHeld(undefined)
        }}
        onKeyDown={press}
      />
      <ul
        className={styles['list']}
        id="palette-list"
        role="listbox"
        aria-label={t('palette')}
        ref={list}
      >
        {entries.map((entry, index) => (
          <Line
            key={entry.id}
            entry={entry}
            index={index}
            chosen={index === chosen}
            heading={entries[index - 1]?.section !== entry.section}
            onChoose={() => {
              choose(entry)
            }}
            onPoint={() => {
              setHeld(entry.id)
            }}
          />
        ))}
      </ul>
      {entries.length === 0 && (
        <p className={styles['empty']} role="status">
          {objects.waiting ? t('paletteSearching') : t('paletteEmpty', { text })}
        </p>
      )}
      {objects.notes.map((it) => (
        <p key={it} className={styles['limit']}>
          {it}
        </p>
      ))}
    </Modal>
  )
}

const takeFocus = (field: HTMLInputElement | null) => field?.focus()

interface LineProps {
  readonly entry: Entry
  readonly index: number
  readonly chosen: boolean
  readonly heading: boolean
  readonly onChoose: () => void
  readonly onPoint: () => void
}

function Line({ entry, index, chosen, heading, onChoose, onPoint }: LineProps) {
  const { title, detail, keys, refusal, section } = entry
  return (
    <>
      {heading && (
        <li role="presentation" className={styles['section']}>
          {section}
        </li>
      )}
      <li
        id={`palette-${String(index)}`}
        role="option"
        aria-selected={chosen}
        aria-disabled={refusal !== undefined}
        className={styles['line']}
        onClick={onChoose}
        onPointerMove={onPoint}
      >
        <span className={styles['title']}>{title}</span>
        <span className={styles['detail']}>{refusal ?? detail}</span>
        {keys && <KeyHint keys={keys} />}
      </li>
    </>
  )
}
