import { ActionIcon, Menu, NativeSelect, TextInput } from '@mantine/core'
import {
  IconBracketsContain,
  IconClock,
  IconDownload,
  IconHistory,
  IconLetterCase,
  IconRegex,
  IconSearch,
  IconServer,
  IconTextWrap,
  IconZoomExclamation,
} from '@tabler/icons-react'
import { PaneBar, PaneNote, PaneSpace, Tool } from '../../components/PaneBar.tsx'
import styles from '../../components/logs/LogView.module.css'
import { levels } from '../../data/logs/line.ts'
import type { TimeMode } from '../../components/logs/time-text.ts'
import { useTexts } from '../../texts/texts.ts'
import { sinces, type LogsSettings, type Since } from './settings.ts'

interface LogsToolsProps {
  readonly settings: LogsSettings
  readonly searching: boolean
  /** Whether there are lines of a container before this one. */
  readonly hasPrevious: boolean
  readonly note: string
  readonly onSet: (change: Partial<LogsSettings>) => void
  readonly onSearch: () => void
  readonly onSave: (what: 'all' | 'shown', times: boolean) => void
}

export function LogsTools(props: LogsToolsProps) {
  const t = useTexts('logs')
  const { settings, onSet, searching, hasPrevious, onSearch, onSave, note } = props
  return (
    <PaneBar label={t('tools')}>
      <FilterField settings={settings} onSet={onSet} />
      <ContextSelect settings={settings} onSet={onSet} />
      <LevelSelect settings={settings} onSet={onSet} />
      <SinceSelect settings={settings} onSet={onSet} />
      <PaneSpace />
      <PaneNote>{note}</PaneNote>
      {(hasPrevious || settings.previous) && (
        <Tool
          label={t('previous')}
          icon={<IconHistory size={15} />}
          pressed={settings.previous}
          onClick={() => {
            onSet({ previous: !settings.previous })
          }}
        />
      )}
      <Tool
        label={t('search')}
        icon={<IconSearch size={15} />}
        pressed={searching}
        onClick={onSearch}
      />
      <Tool
        label={t('wrap')}
        icon={<IconTextWrap size={15} />}
        pressed={settings.wrap}
        onClick={() => {
          onSet({ wrap: !settings.wrap })
        }}
      />
      <Tool
        label={t('fold')}
        icon={<IconBracketsContain size={15} />}
        pressed={settings.fold}
        onClick={() => {
          onSet({ fold: !settings.fold })
        }}
      />
      <TimesMenu times={settings.times} onSet={onSet} />
      <SaveMenu onSave={onSave} />
    </PaneBar>
  )
}

type Part = Pick<LogsToolsProps, 'settings' | 'onSet'>

function FilterField({ settings: { query, invert }, onSet }: Part) {
  const t = useTexts('logs')
  const set = (change: Partial<typeof query>) => {
    onSet({ query: { ...query, ...change } })
  }
  return (
    <>
      <TextInput
        className={styles['field'] ?? ''}
        size="xs"
        type="search"
        aria-label={t('filter')}
        placeholder={t('filterPlaceholder')}
        value={query.text}
        maxLength={200}
        onChange={(event) => {
          set({ text: event.currentTarget.value })
        }}
      />
      <Tool
        label={t('pattern')}
        icon={<IconRegex size={15} />}
        pressed={query.pattern}
        onClick={() => {
          set({ pattern: !query.pattern })
        }}
      />
      <Tool
        label={t('matchCase')}
        icon={<IconLetterCase size={15} />}
        pressed={query.matchCase}
        onClick={() => {
          set({ matchCase: !query.matchCase })
        }}
      />
      <Tool
        label={t('invert')}
        icon={<IconZoomExclamation size={15} />}
        pressed={invert}
        onClick={() => {
          onSet({ invert: !invert })
        }}
      />
      <Tool
        label={t('fetchFiltered')}
        icon={<IconServer size={15} />}
        disabled={query.text === ''}
        onClick={() => {
          onSet({ fetched: query, since: 'all' })
        }}
      />
    </>
  )
}

function ContextSelect({ settings, onSet }: Part) {
  const t = useTexts('logs')
  if (settings.query.text === '') return null
  return (
    <NativeSelect
      size="xs"
      aria-label={t('context')}
      value={settings.context}
      data={[0, 2, 5, 20].map((count) => ({
        value: String(count),
        label: count === 0 ? t('contextOff') : t('contextLines', { count }),
      }))}
      onChange={(event) => {
        onSet({ context: Number(event.currentTarget.value) })
      }}
    />
  )
}

function LevelSelect({ settings, onSet }: Part) {
  const t = useTexts('logs')
  const shown = levels.filter((it) => it !== 'none')
  return (
    <NativeSelect
      size="xs"
      aria-label={t('level')}
      value={settings.level}
      data={[
        { value: '0', label: t('levelAll') },
        ...shown.map((it) => ({ value: String(levels.indexOf(it)), label: t(`levels.${it}`) })),
      ]}
      onChange={(event) => {
        onSet({ level: Number(event.currentTarget.value) })
      }}
    />
  )
}

function SinceSelect({ settings, onSet }: Part) {
  const t = useTexts('logs')
  const label = (since: Since) => {
    if (since === 'opened') return t('sinceOpened')
    if (since === 'all') return t('sinceAll')
    const minutes = Number(since) / 60
    return minutes < 60
      ? t('sinceMinutes', { count: minutes })
      : t('sinceHours', { count: minutes / 60 })
  }
  return (
    <NativeSelect
      size="xs"
      aria-label={t('since')}
      value={settings.since}
      data={sinces.map((value) => ({ value, label: label(value) }))}
      onChange={(event) => {
        const since = sinces.find((it) => it === event.currentTarget.value)
        if (since) onSet({ since })
      }}
    />
  )
}

function TimesMenu({ times, onSet }: { times: TimeMode; onSet: LogsToolsProps['onSet'] }) {
  const t = useTexts('logs')
  const modes = [
    ['off', t('timesOff')],
    ['local', t('timesLocal')],
    ['utc', t('timesUtc')],
  ] as const
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={24} aria-label={t('times')}>
          <IconClock size={15} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {modes.map(([mode, label]) => (
          <Menu.Item
            key={mode}
            role="menuitemradio"
            aria-checked={times === mode}
            rightSection={times === mode ? '✓' : undefined}
            onClick={() => {
              onSet({ times: mode })
            }}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function SaveMenu({ onSave }: Pick<LogsToolsProps, 'onSave'>) {
  const t = useTexts('logs')
  const item = (what: 'all' | 'shown', times: boolean) => (
    <Menu.Item
      onClick={() => {
        onSave(what, times)
      }}
    >
      {t(what === 'all' ? 'saveAll' : 'saveShown')}
      {times && ` ${t('saveTimes')}`}
    </Menu.Item>
  )
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={24} aria-label={t('save')}>
          <IconDownload size={15} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {item('shown', true)}
        {item('shown', false)}
        {item('all', true)}
        {item('all', false)}
      </Menu.Dropdown>
    </Menu>
  )
}
