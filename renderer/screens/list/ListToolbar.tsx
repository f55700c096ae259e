import { ActionIcon, Button, Checkbox, CloseButton, Menu, Popover, TextInput } from '@mantine/core'
import { IconBookmark, IconColumns3, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { openApply } from '../../app/actions/open-panes.ts'
import { filtered, filterLine, parseFilter } from '../../app/filter-text.ts'
import { setPrefs, toggled, usePrefs } from '../../app/prefs.ts'
import { go, type ListRoute } from '../../app/route.ts'
import { placeText } from '../../app/route-text.ts'
import { countText } from '../../components/amounts.ts'
import { StatusMark } from '../../components/StatusMark.tsx'
import { kindName } from '../../data/kinds.ts'
import { isUnread } from '../../data/view-state.ts'
import type { ViewState } from '../../data/views.ts'
import { useTexts } from '../../texts/texts.ts'
import type { ListColumns } from './use-columns.ts'
import styles from './list.module.css'

interface ToolbarProps {
  readonly route: ListRoute
  readonly view: ViewState
  readonly columns: ListColumns
}

const look = { variant: 'subtle', color: 'gray', size: 24 } as const

/** How many there are, how they are, and what of them is shown. */
export function ListToolbar({ route, view, columns }: ToolbarProps) {
  const t = useTexts('list')
  const { total, all, status, freshness } = view
  return (
    <div className={styles['toolbar']} role="toolbar" aria-label={t('toolbar')}>
      <span className={styles['total']}>
        {status !== 'open'
          ? ''
          : all === 0 && freshness.some(isUnread)
            ? '…'
            : total === all
              ? countText(all)
              : t('countOf', { shown: countText(total), all: countText(all) })}
      </span>
      <Facets route={route} facets={view.facets} />
      <SavedFilters route={route} />
      <ColumnChooser columns={columns} />
      <ApplyButton route={route} />
    </div>
  )
}

/** Opens a pane for one place; where the list is of several, they are to choose from. */
function ApplyButton({ route }: { route: ListRoute }) {
  const t = useTexts('list')
  const { places, namespaces = [] } = route
  const [only, ...others] = places
  const [namespace] = namespaces.length === 1 ? namespaces : []
  if (!only) return null
  const button = (onClick?: () => void) => (
    <Button
      size="compact-xs"
      variant="default"
      leftSection={<IconPlus size={12} />}
      {...(onClick && { onClick })}
    >
      {t('apply')}
    </Button>
  )
  if (others.length === 0)
    return button(() => {
      openApply(only, namespace)
    })
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
      <Menu.Target>{button()}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('applyTo')}</Menu.Label>
        {places.map((place) => (
          <Menu.Item
            key={placeText(place)}
            onClick={() => {
              openApply(place, namespace)
            }}
          >
            {placeText(place)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function Facets({ route, facets }: { route: ListRoute; facets: ViewState['facets'] }) {
  const t = useTexts('list')
  const chosen = route.statuses ?? []
  const gone = chosen.filter((it) => !facets.some(({ status }) => status === it))
  const toggle = (status: string) => {
    const { statuses: _, ...filter } = route
    const next = toggled(chosen, status)
    go(
      filtered(route, next.length === 0 ? pick(filter) : { ...pick(filter), statuses: next }),
      'replace',
    )
  }
  return (
    <span className={styles['facets']} role="group" aria-label={t('facets')}>
      {facets
        .filter(({ status }) => status !== '')
        .slice(0, 8)
        .map(({ status, tone, count }) => (
          <button
            key={status}
            type="button"
            className={styles['facet']}
            aria-pressed={chosen.includes(status)}
            onClick={() => {
              toggle(status)
            }}
          >
            <StatusMark tone={tone} />
            <span>{status}</span>
            <b>{countText(count)}</b>
          </button>
        ))}
      {gone.map((status) => (
        <button
          key={status}
          type="button"
          className={styles['facet']}
          aria-pressed
          onClick={() => {
            toggle(status)
          }}
        >
          <span>{status}</span>
          <b>0</b>
        </button>
      ))}
    </span>
  )
}

const pick = ({ text, labels }: ListRoute) => ({
  ...(text && { text }),
  ...(labels && { labels }),
})

function ColumnChooser({ columns }: { columns: ListColumns }) {
  const t = useTexts('list')
  return (
    <Popover position="bottom-end" trapFocus transitionProps={{ duration: 0 }}>
      <Popover.Target>
        <ActionIcon {...look} aria-label={t('columns')} title={t('columns')}>
          <IconColumns3 size={16} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p={8}>
        <div className={styles['choices']} role="group" aria-label={t('columns')}>
          {columns.every
            .filter((it) => it.id !== 'name')
            .map(({ id, title, shown }) => (
              <Checkbox
                key={id}
                size="xs"
                label={title}
                checked={shown}
                onChange={({ currentTarget }) => {
                  columns.toggle(id, currentTarget.checked)
                }}
              />
            ))}
        </div>
        <Button mt={8} size="compact-xs" variant="subtle" onClick={columns.reset}>
          {t('columnsReset')}
        </Button>
      </Popover.Dropdown>
    </Popover>
  )
}

function SavedFilters({ route }: { route: ListRoute }) {
  const t = useTexts('list')
  const kind = kindName(route.kind)
  const every = usePrefs((it) => it.filters)
  const saved = every[kind] ?? []
  const [opened, setOpened] = useState(false)
  const [name, setName] = useState('')
  const line = filterLine(route)
  const keep = () => {
    if (name.trim() === '' || line === '') return
    const others = saved.filter((it) => it.name !== name.trim())
    setPrefs({ filters: { ...every, [kind]: [...others, { name: name.trim(), line }] } })
    setName('')
  }
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      width={260}
      transitionProps={{ duration: 0 }}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <ActionIcon
          {...look}
          aria-label={t('saved')}
          title={t('saved')}
          onClick={() => {
            setOpened(!opened)
          }}
        >
          <IconBookmark size={16} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p={8} aria-label={t('saved')}>
        {saved.length === 0 && <p className={styles['savedNone']}>{t('savedNone')}</p>}
        <ul className={styles['saved']}>
          {saved.map((it) => (
            <li key={it.name}>
              <button
                type="button"
                onClick={() => {
                  setOpened(false)
                  go(filtered(route, parseFilter(it.line)), 'replace')
                }}
              >
                {it.name} <code>{it.line}</code>
              </button>
              <CloseButton
                size={24}
                aria-label={t('savedRemove', { name: it.name })}
                title={t('savedRemove', { name: it.name })}
                onClick={() => {
                  const left = saved.filter((other) => other.name !== it.name)
                  setPrefs({ filters: { ...every, [kind]: left } })
                }}
              />
            </li>
          ))}
        </ul>
        <form
          className={styles['saveForm']}
          onSubmit={(event) => {
            event.preventDefault()
            keep()
          }}
        >
          <TextInput
            size="xs"
            label={t('savedAs')}
            description={line === '' ? t('savedNothing') : line}
            disabled={line === ''}
            value={name}
            onChange={({ currentTarget }) => {
              setName(currentTarget.value)
            }}
          />
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
