import { Checkbox, Popover, TextInput } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import { InNamespace } from '#gateway/place.ts'
import { countText } from '../components/amounts.ts'
import { namespacesOf } from '../data/objects.ts'
import { useTexts } from '../texts/texts.ts'
import { useCommands } from './commands.ts'
import { MakeNamespace } from './MakeNamespace.tsx'
import { toggled } from './prefs.ts'
import { go, type ListRoute } from './route.ts'
import styles from './TopBar.module.css'

/** Tick boxes that are drawn; who has more namespaces finds one by typing. */
const most = 500

/** Which namespaces a list is of. Where they cannot be listed, a name can be typed. */
export function NamespacePicker({ route }: { route: ListRoute }) {
  const t = useTexts('frame')
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const answers = useQueries({ queries: route.places.map((it) => namespacesOf(it)) })
  const chosen = route.namespaces ?? []
  const known = answers.flatMap(({ data }) => data?.items.map((it) => it.name) ?? [])
  const names = [...new Set([...chosen, ...known])].sort()
  const found = names.filter((it) => it.includes(typed))
  const canList = answers.every(({ data }) => data?.canList !== false)
  const set = (next: readonly string[]) => {
    const { namespaces: _, open: __, ...rest } = route
    go(next.length === 0 ? rest : { ...rest, namespaces: next }, 'replace')
  }
  useCommands([
    {
      id: 'namespaces',
      title: t('namespaceChoose'),
      keys: 'n',
      section: t('keysFrame'),
      run: () => {
        setOpen(true)
      },
    },
  ])
  const enter = () => {
    const name = found.length === 1 || names.includes(typed) ? (found[0] ?? typed) : typed
    if (!InNamespace.safeParse(name).success) return
    set(toggled(chosen, name))
    setTyped('')
  }
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-end"
      trapFocus
      returnFocus
      width={260}
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <button
          type="button"
          className={styles['namespaces']}
          aria-haspopup="dialog"
          aria-expanded={open}
          onClick={() => {
            setOpen(!open)
          }}
        >
          <span>{chosen.length === 0 ? t('namespacesAll') : summary(chosen)}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown p={8}>
        <TextInput
          size="xs"
          data-autofocus
          aria-label={t('namespaceFind')}
          placeholder={canList ? t('namespaceFind') : t('namespaceType')}
          value={typed}
          onChange={({ currentTarget }) => {
            setTyped(currentTarget.value)
          }}
          onKeyDown={({ key }) => {
            if (key === 'Enter') enter()
          }}
        />
        {!canList && <p className={styles['hint']}>{t('namespacesNotListed')}</p>}
        {canList && !names.includes(typed) && (
          <MakeNamespace
            places={route.places}
            name={typed}
            onMade={() => {
              set([...chosen, typed])
              setTyped('')
            }}
          />
        )}
        <div className={styles['options']} role="group" aria-label={t('namespaces')}>
          <Checkbox
            className={styles['option'] ?? ''}
            size="xs"
            label={t('namespacesAll')}
            checked={chosen.length === 0}
            onChange={() => {
              set([])
            }}
          />
          {found.slice(0, most).map((name) => (
            <Checkbox
              key={name}
              className={styles['option'] ?? ''}
              size="xs"
              label={name}
              checked={chosen.includes(name)}
              onChange={() => {
                set(toggled(chosen, name))
              }}
            />
          ))}
        </div>
        {found.length > most && (
          <p className={styles['hint']} role="status">
            {t('namespacesFirst', { shown: countText(most), total: countText(found.length) })}
          </p>
        )}
      </Popover.Dropdown>
    </Popover>
  )
}

const summary = (chosen: readonly string[]) =>
  chosen.length <= 2 ? chosen.join(', ') : `${chosen[0] ?? ''} +${String(chosen.length - 1)}`
