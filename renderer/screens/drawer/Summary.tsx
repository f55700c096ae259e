import { useQuery } from '@tanstack/react-query'
import type { ObjectRef } from '#gateway/place.ts'
import { Age } from '../../components/Age.tsx'
import { StatusMark } from '../../components/StatusMark.tsx'
import { descriptionOf } from '../../data/objects.ts'
import { useTexts } from '../../texts/texts.ts'
import { Containers } from './Containers.tsx'
import { EventList } from './Events.tsx'
import { factsByKind } from './facts-by-kind.ts'
import { Relations } from './Relations.tsx'
import { Section } from './Section.tsx'
import { SecretData } from './SecretData.tsx'
import { conditionTone, containersOf, type Shape } from './shape.ts'
import { Usage } from './Usage.tsx'
import styles from './drawer.module.css'

interface SummaryProps {
  readonly target: ObjectRef
  readonly object: Shape
  readonly kind: string
}

export function Summary({ target, object, kind }: SummaryProps) {
  const t = useTexts('drawer')
  const containers = containersOf(object)
  const { labels = {}, annotations = {} } = object.metadata ?? {}
  return (
    <>
      <Reasons target={target} />
      <Facts target={target} object={object} />
      <Conditions object={object} />
      <Usage target={target} object={object} />
      {containers.length > 0 && <Containers target={target} containers={containers} />}
      {kind === 'Secret' && <SecretData target={target} object={object} />}
      {kind === 'ConfigMap' && <PlainData object={object} />}
      <Relations target={target} />
      <EventList target={target} object={object} kind={kind} short />
      <Pairs title={t('labels')} pairs={labels} />
      <Pairs title={t('annotations')} pairs={annotations} />
    </>
  )
}

/** Why it is not as it should be, worst first. */
function Reasons({ target }: { target: ObjectRef }) {
  const { data, error } = useQuery(descriptionOf(target))
  const t = useTexts('drawer')
  if (error) return <p className={styles['note']}>{t('undescribed', { reason: error.message })}</p>
  if (!data || data.reasons.length === 0) return null
  return (
    <ul className={styles['reasons']} aria-label={t('reasons')}>
      {data.reasons.map(({ tone, title, detail, about }) => (
        <li key={`${title} ${about ?? ''} ${detail}`} data-tone={tone}>
          <StatusMark tone={tone} />
          <div>
            <b>{title}</b>
            {about && !title.startsWith(about) && <span className={styles['quiet']}> {about}</span>}
            {detail && <p>{detail}</p>}
          </div>
        </li>
      ))}
    </ul>
  )
}

/** A few plain facts that hold for every kind, and the short ones of this one. */
function Facts({ target, object }: { target: ObjectRef; object: Shape }) {
  const t = useTexts('drawer')
  const { creationTimestamp, deletionTimestamp, finalizers } = object.metadata ?? {}
  const facts = [
    ...factsOf(object),
    ...factsByKind(target, object, {
      share: (part, whole) => t('factShare', { part, whole }),
      node: (port) => t('factNode', { port }),
      lasting: (seconds) => t('factLasting', { seconds }),
      more: (pods) => t('factMore', { pods }),
      fewer: (pods) => t('factFewer', { pods }),
    }),
  ]
  return (
    <dl className={styles['facts']}>
      {creationTimestamp && (
        <>
          <dt>{t('created')}</dt>
          <dd>
            <Age at={Date.parse(creationTimestamp)} /> {t('ago')}
          </dd>
        </>
      )}
      {deletionTimestamp && (
        <>
          <dt>{t('deleting')}</dt>
          <dd>
            <Age at={Date.parse(deletionTimestamp)} /> {t('ago')}
            {finalizers && ` · ${t('finalizers', { names: finalizers.join(', ') })}`}
          </dd>
        </>
      )}
      {facts.map(([name, value]) => (
        <div key={name} className={styles['fact']}>
          <dt>{t(`fact.${name}`)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

const telling = [
  ['spec', 'replicas'],
  ['spec', 'nodeName'],
  ['status', 'podIP'],
  ['status', 'qosClass'],
  ['spec', 'serviceAccountName'],
  ['spec', 'type'],
  ['spec', 'clusterIP'],
  ['spec', 'schedule'],
  ['spec', 'suspend'],
  ['spec', 'storageClassName'],
  ['spec', 'ingressClassName'],
  ['spec', 'unschedulable'],
] as const
type FactName = (typeof telling)[number][1]

function factsOf(object: Shape): readonly (readonly [FactName, string])[] {
  return telling.flatMap(([part, key]) => {
    const value = object[part]?.[key]
    const plain = typeof value === 'string' || typeof value === 'number' || value === true
    return plain && value !== '' ? [[key, String(value)] as const] : []
  })
}

function Conditions({ object }: { object: Shape }) {
  const t = useTexts('drawer')
  const conditions = object.status?.conditions
  if (!Array.isArray(conditions) || conditions.length === 0) return null
  return (
    <Section title={t('conditions')}>
      <ul className={styles['conditions']}>
        {(conditions as NonNullable<Shape['status']>['conditions'])?.map((it) => (
          <li key={it.type} data-tone={conditionTone(it)}>
            <StatusMark tone={conditionTone(it)} />
            <span className={styles['lineName']} title={it.type}>
              {it.type}
            </span>
            <span className={styles['lineText']} title={it.message}>
              {it.status === 'True' && !it.reason ? '' : (it.reason ?? it.status)}
              {it.message && <span className={styles['quiet']}> {it.message}</span>}
            </span>
            <span className={styles['quiet']}>
              {it.lastTransitionTime && <Age at={Date.parse(it.lastTransitionTime)} />}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function PlainData({ object }: { object: Shape }) {
  const t = useTexts('drawer')
  const data = Object.entries(object.data ?? {})
  return (
    <Section title={t('data')} count={data.length}>
      <dl className={styles['values']}>
        {data.map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>
              <pre>{value}</pre>
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}

function Pairs({ title, pairs }: { title: string; pairs: Readonly<Record<string, string>> }) {
  const entries = Object.entries(pairs)
  if (entries.length === 0) return null
  return (
    <Section title={title} count={entries.length} closed>
      <dl className={styles['pairs']}>
        {entries.map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}
