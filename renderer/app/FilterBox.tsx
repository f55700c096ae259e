import { TextInput } from '@mantine/core'
import { IconFilter, IconX } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTexts } from '../texts/texts.ts'
import { useCommands } from './commands.ts'
import { filtered, filterLine, isWhole, parseFilter } from './filter-text.ts'
import { currentRoute, go, type ListRoute } from './route.ts'
import styles from './TopBar.module.css'

/** Narrows the list while one types; the address carries it. */
export function FilterBox({ route }: { route: ListRoute }) {
  const t = useTexts('list')
  const field = useRef<HTMLInputElement>(null)
  const outside = filterLine(route)
  const [line, setLine] = useState(outside)
  // What another part of the window has set is shown, but never while somebody types.
  useEffect(() => {
    if (document.activeElement !== field.current) setLine(outside)
  }, [outside])
  useCommands([
    {
      id: 'filter',
      title: t('filter'),
      keys: '/',
      section: t('keys'),
      quiet: true,
      run: () => field.current?.focus(),
    },
  ])
  const type = (next: string) => {
    setLine(next)
    const filter = parseFilter(next)
    const now = currentRoute()
    if (now.screen === 'list' && isWhole(filter)) go(filtered(now, filter), 'replace')
  }
  return (
    <TextInput
      ref={field}
      className={styles['filter'] ?? ''}
      size="xs"
      aria-label={t('filter')}
      placeholder={t('filterHint')}
      title={t('filterHelp')}
      value={line}
      spellCheck={false}
      autoComplete="off"
      leftSection={<IconFilter size={14} />}
      rightSection={
        line !== '' && (
          <button
            type="button"
            className={styles['clear']}
            aria-label={t('filterClear')}
            onClick={() => {
              type('')
            }}
          >
            <IconX size={12} aria-hidden />
          </button>
        )
      }
      onChange={({ currentTarget }) => {
        type(currentTarget.value)
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' && event.key !== 'Enter' && event.key !== 'ArrowDown') return
        if (event.key === 'Escape' && line !== '') type('')
        event.preventDefault()
        field.current?.blur()
      }}
    />
  )
}
