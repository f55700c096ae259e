import { TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { PaneBar, PaneNote, PaneSpace, Tool } from '../../components/PaneBar.tsx'
import styles from '../../components/logs/LogView.module.css'
import { useTexts } from '../../texts/texts.ts'

interface SearchBarProps {
  readonly hits: number
  readonly nth: number
  readonly onText: (text: string) => void
  readonly onStep: (forwards: boolean) => void
  readonly onClose: () => void
}

const number = new Intl.NumberFormat('en')

/** Finds words among the lines that are shown, without hiding the others. */
export function SearchBar({ hits, nth, onText, onStep, onClose }: SearchBarProps) {
  const t = useTexts('logs')
  const [text, setText] = useState('')
  const note = hits === 0 ? t('searchNone') : t('searchHits', { nth, hits: number.format(hits) })
  return (
    <PaneBar label={t('search')}>
      <TextInput
        className={styles['field'] ?? ''}
        size="xs"
        type="search"
        data-autofocus
        autoFocus
        aria-label={t('search')}
        placeholder={t('searchPlaceholder')}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          onText(event.currentTarget.value)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onStep(event.shiftKey)
          if (event.key === 'Escape') onClose()
        }}
      />
      <Tool
        label={t('searchBefore')}
        icon={<IconArrowUp size={15} />}
        onClick={() => {
          onStep(false)
        }}
      />
      <Tool
        label={t('searchNext')}
        icon={<IconArrowDown size={15} />}
        onClick={() => {
          onStep(true)
        }}
      />
      <PaneNote>
        <span role="status">{text === '' ? '' : note}</span>
      </PaneNote>
      <PaneSpace />
      <Tool label={t('searchClose')} icon={<IconX size={15} />} onClick={onClose} />
    </PaneBar>
  )
}
