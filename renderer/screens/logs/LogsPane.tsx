import { useDebouncedCallback } from '@mantine/hooks'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { DockTabOf } from '../../app/dock.ts'
import { LogLines, type LinesWindow } from '../../components/logs/LogLines.tsx'
import styles from '../../components/logs/LogView.module.css'
import { SourceList } from '../../components/logs/SourceList.tsx'
import type { FeedState } from '../../data/logs/feed.ts'
import type { Source } from '../../data/logs/messages.ts'
import { useTexts } from '../../texts/texts.ts'
import { draw } from './draw.ts'
import { LogRuler } from './LogRuler.tsx'
import { LogsNotices } from './LogsNotices.tsx'
import { LogsTools } from './LogsTools.tsx'
import { SearchBar } from './SearchBar.tsx'
import { filterOf, inputOf, settingsOf, type LogsSettings } from './settings.ts'
import { itemsOf } from './source-items.ts'
import { useFeed } from './use-feed.ts'
import { useHasPrevious } from './use-has-previous.ts'
import { useSearch } from './use-search.ts'
import { useSave } from './use-save.ts'
import { useTone } from './use-tone.ts'

const number = new Intl.NumberFormat('en')

/** Lines of one or many containers, as they come. */
export function LogsPane({ tab, visible }: { tab: DockTabOf<'logs'>; visible: boolean }) {
  const t = useTexts('logs')
  const [settings, setSettings] = useState(() => settingsOf(tab.input))
  const { since, previous, fetched } = settings
  const input = useMemo(
    () => inputOf(tab.input, { since, previous, fetched }),
    [tab.input, since, previous, fetched],
  )
  const { feed, state } = useFeed(input)
  const { desk } = state
  const [following, setFollowing] = useState(true)
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set())
  const [shown, setShown] = useState<LinesWindow>({ from: 'end', count: 80 })
  const search = useSearch(feed)
  useTone(tab.id, state.stream)
  const hasPrevious = useHasPrevious(tab.input)

  const set = (change: Partial<LogsSettings>) => {
    setSettings((it) => ({ ...it, ...change }))
  }
  const narrow = useDebouncedCallback((it: LogsSettings) => feed?.filter(filterOf(it)), 150)
  useEffect(() => {
    narrow(settings)
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only what narrows; the rest is how it looks
  }, [
    narrow,
    feed,
    settings.query,
    settings.invert,
    settings.context,
    settings.level,
    settings.hidden,
  ])

  const { fold, times } = settings
  useEffect(() => {
    if (visible) feed?.window({ ...shown, fold, opened: [...opened] })
  }, [feed, visible, shown, fold, opened])

  const follow = useCallback((on: boolean) => {
    setFollowing(on)
  }, [])
  const toggle = useCallback((id: number) => {
    setFollowing(false)
    setOpened((before) => {
      const after = new Set(before)
      if (!after.delete(id)) after.add(id)
      return after
    })
  }, [])

  const [target, setTarget] = useState<{ readonly index: number }>()
  const goTo = useCallback((it: { readonly index: number } | undefined) => {
    setTarget(it)
    if (it) setFollowing(false)
  }, [])
  useEffect(() => {
    goTo(search.target)
  }, [goTo, search.target])
  const sought = useCallback(
    (index: number) => {
      goTo({ index })
    },
    [goTo],
  )

  const sources = desk?.sources ?? []
  const rows = state.rows.map((row) => draw(row, { sources, times, opened, t }))
  const save = useSave(feed, tab.input)

  return (
    <div
      className={styles['pane']}
      onKeyDown={(event) => {
        if ((event.ctrlKey || event.metaKey) && event.key === 'f') {
          event.preventDefault()
          search.open()
        }
      }}
    >
      <LogsTools
        settings={settings}
        searching={search.isOpen}
        hasPrevious={hasPrevious}
        note={noteOf(state, t)}
        onSet={set}
        onSearch={search.isOpen ? search.close : search.open}
        onSave={save}
      />
      <SearchRow search={search} desk={desk} />
      <LogsNotices
        state={state}
        settings={settings}
        leftOut={tab.leftOut}
        onReopen={() => feed?.reopen()}
        onFetchAll={() => {
          set({ fetched: undefined, since: 'opened' })
        }}
      />
      <LogRuler
        feed={feed}
        ruler={desk?.ruler}
        rows={state.rows}
        following={following}
        times={times}
        onSought={sought}
      />
      <div className={styles['body']}>
        <Sources sources={sources} settings={settings} onSet={set} />
        <LogLines
          label={t('lines')}
          epoch={String(desk?.epoch)}
          start={desk?.start ?? 0}
          end={desk?.end ?? 0}
          rows={rows}
          wrap={settings.wrap}
          following={following}
          opened={opened}
          target={target}
          onFollow={follow}
          onWindow={setShown}
          onToggle={toggle}
        >
          <EmptyText state={state} filtered={isFiltered(settings)} />
          <LiveButton
            following={following}
            end={desk?.end ?? 0}
            onClick={() => {
              setFollowing(true)
            }}
          />
        </LogLines>
      </div>
    </div>
  )
}

interface SourcesProps {
  readonly sources: readonly Source[]
  readonly settings: LogsSettings
  readonly onSet: (change: Partial<LogsSettings>) => void
}

/** One source needs no list to choose from. */
function Sources({ sources, settings: { hidden }, onSet }: SourcesProps) {
  const t = useTexts('logs')
  if (sources.length < 2) return null
  return (
    <SourceList
      label={t('sources')}
      onlyLabel={t('only')}
      items={itemsOf(sources, hidden, t)}
      onShow={(source, on) => {
        const after = new Set(hidden)
        if (on) after.delete(source)
        else after.add(source)
        onSet({ hidden: after })
      }}
      onOnly={(source) => {
        const others = [...sources.keys()].filter((it) => it !== source)
        const isOnly = hidden.size === others.length && !hidden.has(source)
        onSet({ hidden: new Set(isOnly ? [] : others) })
      }}
    />
  )
}

const isFiltered = ({ query, level, hidden }: LogsSettings) =>
  query.text !== '' || level > 0 || hidden.size > 0

function noteOf({ desk }: FeedState, t: ReturnType<typeof useTexts<'logs'>>): string {
  if (!desk) return ''
  const shown = desk.end - desk.start
  const all = desk.lines
  const lines =
    shown === all
      ? t('count', { count: all, shown: number.format(all) })
      : t('countOf', { shown: number.format(shown), all: number.format(all) })
  return desk.rate > 0 ? `${lines} · ${t('rate', { rate: number.format(desk.rate) })}` : lines
}

interface SearchRowProps {
  readonly search: ReturnType<typeof useSearch>
  readonly desk: FeedState['desk']
}

function SearchRow({ search, desk }: SearchRowProps) {
  if (!search.isOpen) return null
  return (
    <SearchBar
      hits={desk?.search?.hits ?? 0}
      nth={search.nth}
      onText={search.setText}
      onStep={search.step}
      onClose={search.close}
    />
  )
}

interface LiveButtonProps {
  readonly following: boolean
  readonly end: number
  readonly onClick: () => void
}

/** Back to the newest lines, with how many came since one left them. */
function LiveButton({ following, end, onClick }: LiveButtonProps) {
  const t = useTexts('logs')
  const [leftAt, setLeftAt] = useState(end)
  if (following && leftAt !== end) setLeftAt(end)
  if (following) return null
  const count = Math.max(0, end - leftAt)
  return (
    <button type="button" className={styles['live']} onClick={onClick}>
      {count === 0 ? t('jump') : t('jumpNew', { count, lines: number.format(count) })}
    </button>
  )
}

function EmptyText({ state, filtered }: { state: FeedState; filtered: boolean }) {
  const t = useTexts('logs')
  const { stream, desk } = state
  if (desk && desk.end > desk.start) return null
  const text = () => {
    if (stream.status === 'opening') return t('opening')
    if (filtered && desk && desk.lines > 0) return t('nothingFits')
    return stream.status === 'open' ? t('waiting') : t('none')
  }
  return (
    <div className={styles['empty']} role="status">
      {text()}
    </div>
  )
}
