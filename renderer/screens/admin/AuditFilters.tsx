import { Button, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'
import {
  lastOf,
  lasts,
  localTime,
  momentOf,
  pickedFields,
  typedFields,
  type AuditSearch,
  type Last,
} from './audit-filter.ts'
import { results, wordOf } from './EventResult.tsx'

const labels = {
  person: 'auditPerson',
  cluster: 'auditCluster',
  namespace: 'auditNamespace',
  resource: 'auditResource',
  verb: 'auditVerb',
  action: 'auditAction',
  id: 'auditAttempt',
  session: 'auditSession',
} as const

interface Props {
  readonly search: AuditSearch
  readonly onNarrow: (part: AuditSearch) => void
}

/** What the records are narrowed by: a time, and words that fit whole. */
export function AuditFilters({ search, onNarrow }: Props) {
  const t = useTexts('admin')
  return (
    <div className={styles['filters']} role="search" aria-label={t('audit')}>
      <Range search={search} onNarrow={onNarrow} />
      {typedFields.map((field) => (
        <Typed
          key={field}
          label={t(labels[field])}
          value={search[field] ?? ''}
          onChange={(value) => onNarrow({ [field]: value })}
        />
      ))}
      <Select
        size="xs"
        aria-label={t('auditResult')}
        placeholder={t('auditAny')}
        data={results.map((it) => ({ value: it, label: t(wordOf[it]) }))}
        value={search['result'] ?? null}
        onChange={(it) => onNarrow({ result: it ?? '' })}
        clearable
      />
      {pickedFields.map(
        (field) =>
          search[field] !== undefined && (
            <Button
              key={field}
              size="xs"
              variant="default"
              title={search[field]}
              onClick={() => onNarrow({ [field]: '' })}
            >
              {t('auditNotOnly', { what: t(labels[field]) })}
            </Button>
          ),
      )}
    </div>
  )
}

const words: Readonly<Record<Last, 'auditLastHour' | 'auditLastDay' | 'auditLastWeek'>> = {
  hour: 'auditLastHour',
  day: 'auditLastDay',
  week: 'auditLastWeek',
}
const exact = 'exact'

/** Ranges that move with the clock, or one from moment to moment. */
function Range({ search, onNarrow }: Props) {
  const t = useTexts('admin')
  const last = lastOf(search)
  const { since, until } = search
  // While both ends are empty the address cannot say it.
  const [wanted, setWanted] = useState(false)
  const isExact = last === undefined && (wanted || since !== undefined || until !== undefined)
  const choose = (it: string | null) => {
    setWanted(it === exact)
    if (it === exact) {
      const from = Date.now() - lasts[last ?? 'hour']
      onNarrow({ last: '', since: new Date(from - (from % 60_000)).toISOString() })
    } else onNarrow({ last: it ?? '', since: '', until: '' })
  }
  return (
    <>
      <Select
        size="xs"
        aria-label={t('auditTime')}
        placeholder={t('auditAnyTime')}
        data={[
          ...(Object.keys(lasts) as Last[]).map((it) => ({ value: it, label: t(words[it]) })),
          { value: exact, label: t('auditExact') },
        ]}
        value={isExact ? exact : (last ?? null)}
        onChange={choose}
        clearable
      />
      {isExact && (
        <>
          <Moment
            label={t('auditSince')}
            sign="≥"
            value={since}
            onChange={(it) => onNarrow({ since: it })}
          />
          <Moment
            label={t('auditUntil')}
            sign="<"
            value={until}
            onChange={(it) => onNarrow({ until: it })}
          />
        </>
      )}
    </>
  )
}

interface MomentProps {
  readonly label: string
  readonly sign: string
  readonly value: string | undefined
  readonly onChange: (moment: string) => void
}

function Moment({ label, sign, value, onChange }: MomentProps) {
  return (
    <Typed
      sign={sign}
      label={label}
      value={localTime(value)}
      onChange={(it) => onChange(momentOf(it))}
    />
  )
}

interface TypedProps {
  readonly label: string
  readonly value: string
  /** Stands before a time. */
  readonly sign?: string
  readonly onChange: (value: string) => void
}

/** Every letter would otherwise be a search. */
function Typed({ label, value, sign, onChange }: TypedProps) {
  const [typed, setTyped] = useState(value)
  const [known, setKnown] = useState(value)
  // What a record, a link or Back has set is shown.
  if (known !== value) {
    setKnown(value)
    setTyped(value)
  }
  const tell = useDebouncedCallback(onChange, 300)
  return (
    <TextInput
      size="xs"
      aria-label={label}
      {...(sign === undefined ? { placeholder: label } : timeProps(label, sign))}
      value={typed}
      spellCheck={false}
      autoComplete="off"
      onChange={({ currentTarget: { value: next } }) => {
        setTyped(next)
        tell(next)
      }}
    />
  )
}

const timeProps = (label: string, sign: string) => ({
  type: 'datetime-local',
  step: 1,
  title: label,
  leftSection: <span aria-hidden>{sign}</span>,
  leftSectionWidth: 22,
  'data-wide': true,
})
