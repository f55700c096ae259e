import { TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { PaneBar, PaneNote, PaneSpace, Tool } from '../../components/PaneBar.tsx'
import styles from '../../components/terminal/Terminal.module.css'
import { useTexts } from '../../texts/texts.ts'

interface TerminalSearchProps {
  readonly hits: { readonly nth: number; readonly of: number }
  readonly onFind: (text: string, forwards: boolean) => void
  readonly onClose: () => void
}

export function TerminalSearch({ hits, onFind, onClose }: TerminalSearchProps) {
  const t = useTexts('terminal')
  const [text, setText] = useState('')
  return (
    <PaneBar label={t('search')}>
      <TextInput
        className={styles['field'] ?? ''}
        size="xs"
        type="search"
        autoFocus
        aria-label={t('search')}
        placeholder={t('searchPlaceholder')}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          onFind(event.currentTarget.value, false)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onFind(text, event.shiftKey)
          if (event.key === 'Escape') onClose()
        }}
      />
      <Tool
        label={t('searchBefore')}
        icon={<IconArrowUp size={15} />}
        onClick={() => {
          onFind(text, false)
        }}
      />
      <Tool
        label={t('searchNext')}
        icon={<IconArrowDown size={15} />}
        onClick={() => {
          onFind(text, true)
        }}
      />
      <PaneNote>
        <span role="status">
          {text !== '' && (hits.of === 0 ? t('searchNone') : t('searchHits', { ...hits }))}
        </span>
      </PaneNote>
      <PaneSpace />
      <Tool label={t('searchClose')} icon={<IconX size={15} />} onClick={onClose} />
    </PaneBar>
  )
}
