import { NativeSelect } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import type { z } from 'zod'
import type { Context } from '#gateway/contexts.ts'
import type { rights } from '#gateway/rights.ts'
import { placeOf } from '../../app/places.ts'
import { placeText } from '../../app/route-text.ts'
import { ageText } from '../../components/amounts.ts'
import { useClockText } from '../../components/clock.ts'
import { FormError } from '../../components/FormError.tsx'
import { Loading } from '../../components/Loading.tsx'
import { PlainTable } from '../../components/PlainTable.tsx'
import { contextsOfPerson } from '../../data/contexts.ts'
import { namespacesOf } from '../../data/objects.ts'
import { rulesOf } from '../../data/rights.ts'
import { useTexts } from '../../texts/texts.ts'
import { permissionLines, type PermissionLine } from './permission-lines.ts'
import styles from './settings.module.css'

/** Each profile of a cluster that one may use, where, until when, and what it allows. */
export function OwnPermissions() {
  const t = useTexts('settings')
  const { data: contexts } = useSuspenseQuery(contextsOfPerson)
  if (contexts.length === 0) return <p className={styles['quiet']}>{t('permissionsNone')}</p>
  return (
    <ul className={styles['places']}>
      {contexts.map((it) => (
        <PlacePermissions key={placeText(placeOf(it))} context={it} />
      ))}
    </ul>
  )
}

function PlacePermissions({ context }: { context: Context }) {
  const t = useTexts('settings')
  // The cluster is asked only about what somebody wants to read.
  const [open, setOpen] = useState(false)
  const id = useId()
  const { clusterName, profileName, namespaces, capabilities } = context
  const name = `${clusterName} @${profileName}`
  return (
    <li>
      <button
        type="button"
        className={styles['place']}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => {
          setOpen(!open)
        }}
      >
        {open ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
        <span>{name}</span>
      </button>
      <p className={styles['quiet']}>
        <Where namespaces={namespaces} />{' '}
        {capabilities.length > 0
          ? t('permissionsAlso', { capabilities: capabilities.join(', ') })
          : t('permissionsNotAlso')}{' '}
        <End at={context.expiresAt} />
      </p>
      <div id={id}>{open && <Rules context={context} name={name} />}</div>
    </li>
  )
}

/** A grant may name two hundred. */
const mostNamed = 12

function Where({ namespaces: every }: { namespaces: readonly string[] | undefined }) {
  const t = useTexts('settings')
  if (!every) return t('permissionsEverywhere')
  const namespaces = every.slice(0, mostNamed).join(', ')
  const more = every.length - mostNamed
  return more > 0
    ? t('permissionsInMore', { namespaces, more })
    : t('permissionsIn', { namespaces })
}

function End({ at }: { at: string | undefined }) {
  const t = useTexts('settings')
  const moment = at === undefined ? undefined : new Date(at)
  const text = useClockText((now) => {
    if (!moment) return t('permissionsEndless')
    const rest = moment.getTime() - now
    const date = moment.toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' })
    return rest > 0
      ? t('permissionsEnd', { date, rest: ageText(rest) })
      : t('permissionsEnded', { date })
  })
  return <>{text}</>
}

/** Those that the grants name, else all that may be listed. */
function useNamespaceNames({ namespaces, ...context }: Context) {
  const listed = useQuery({ ...namespacesOf(placeOf(context)), enabled: namespaces === undefined })
  const known = namespaces ?? listed.data?.items.map((it) => it.name) ?? []
  const names = known.length > 0 ? known : ['default']
  const first = names.includes('default') ? 'default' : names[0]
  return { names, first, isAsking: listed.isLoading }
}

function Rules({ context, name }: { context: Context; name: string }) {
  const t = useTexts('settings')
  const { names, first, isAsking } = useNamespaceNames(context)
  const [chosen = first, setChosen] = useState<string>()
  const rules = useQuery(rulesOf(placeOf(context), isAsking ? undefined : chosen))
  return (
    <div className={styles['rules']}>
      <NativeSelect
        size="xs"
        label={t('permissionsNamespace')}
        data={[...names]}
        value={chosen ?? ''}
        onChange={({ currentTarget }) => {
          setChosen(currentTarget.value)
        }}
      />
      <FormError error={rules.error} />
      {rules.data && (
        <RulesAnswer
          label={t('permissionsOf', { where: `${name}, ${chosen ?? ''}` })}
          answer={rules.data}
          granted={context.capabilities}
        />
      )}
      {rules.isLoading && <Loading />}
    </div>
  )
}

interface AnswerProps {
  readonly label: string
  readonly answer: z.output<typeof rights.rules.output>
  /** In any namespace. */
  readonly granted: Context['capabilities']
}

function RulesAnswer({ label, answer, granted }: AnswerProps) {
  const t = useTexts('settings')
  const { rules, capabilities, incomplete } = answer
  return (
    <>
      <RulesTable label={label} lines={permissionLines(rules)} />
      {capabilities.length !== granted.length && (
        <p className={styles['quiet']}>
          {t('permissionsHere', { capabilities: capabilities.join(', ') || '–' })}
        </p>
      )}
      {incomplete && <p className={styles['quiet']}>{t('permissionsIncomplete')}</p>}
    </>
  )
}

function RulesTable({ label, lines }: { label: string; lines: readonly PermissionLine[] }) {
  const t = useTexts('settings')
  const kindText = (kind: string) => {
    if (kind === '*') return t('everyKind')
    return kind.startsWith('*.') ? t('everyKindOf', { group: kind.slice(2) }) : kind
  }
  const verbText = (verb: string) => (verb === 'all' || verb === 'read' ? t(`verb.${verb}`) : verb)
  const hasNames = lines.some((it) => it.names.length > 0)
  return (
    <PlainTable
      label={label}
      columns={[
        {
          id: 'verbs',
          title: t('verbs'),
          cell: (it: PermissionLine) => it.verbs.map(verbText).join(', '),
        },
        {
          id: 'kinds',
          title: t('kindsOf'),
          wraps: true,
          cell: (it: PermissionLine) => it.kinds.map(kindText).join(', '),
        },
        ...(hasNames
          ? [
              {
                id: 'names',
                title: t('names'),
                wraps: true,
                cell: (it: PermissionLine) => it.names.join(', '),
              },
            ]
          : []),
      ]}
      items={lines}
      keyOf={(it) => JSON.stringify([it.verbs, it.names])}
      empty={t('permissionsNothing')}
    />
  )
}
