import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Relation } from '#gateway/objects.ts'
import type { ObjectRef } from '#gateway/place.ts'
import { hrefOf } from '../../app/route.ts'
import { StatusMark } from '../../components/StatusMark.tsx'
import { descriptionOf } from '../../data/objects.ts'
import { useTexts } from '../../texts/texts.ts'
import { Section } from './Section.tsx'
import { SmallButton } from './SmallButton.tsx'
import styles from './drawer.module.css'

const order = [
  'owner',
  'runs on',
  'selected by',
  'used by',
  'child',
  'selects',
  'uses',
] as const satisfies readonly Relation['relation'][]

/** Lines that are drawn before somebody asks for the rest. */
const few = 60

/** Up to what made it, down to what it made, and what it needs. */
export function Relations({ target }: { target: ObjectRef }) {
  const t = useTexts('drawer')
  const { data } = useQuery(descriptionOf(target))
  const [all, setAll] = useState(false)
  if (!data || (data.relations.length === 0 && data.unseen.length === 0)) return null
  const sorted = order.flatMap((word) => data.relations.filter((it) => it.relation === word))
  return (
    <Section title={t('relations')} count={data.relations.length} andMore={data.truncated}>
      <ul className={styles['lines']}>
        {sorted.slice(0, all ? undefined : few).map((it) => (
          <li key={`${it.relation} ${it.kind} ${it.namespace ?? ''}/${it.name}`}>
            <span className={styles['relation']}>{t(`relation.${it.relation}`)}</span>
            <span className={styles['lineName']}>{it.kind}</span>
            <a className={styles['lineText']} href={hrefTo(it, target)}>
              {it.name}
            </a>
            {it.tone && <StatusMark tone={it.tone} />}
            {it.status && <span className={styles['quiet']}>{it.status}</span>}
          </li>
        ))}
      </ul>
      {sorted.length > few && !all && (
        <p>
          <SmallButton
            label={t('more', { count: sorted.length - few })}
            onClick={() => {
              setAll(true)
            }}
          />
        </p>
      )}
      {data.truncated && (
        <p className={styles['note']}>{t('relationsCut', { count: sorted.length })}</p>
      )}
      {data.unseen.length > 0 && (
        <p className={styles['note']}>{t('unseen', { kinds: data.unseen.join(', ') })}</p>
      )}
    </Section>
  )
}

function hrefTo(relation: Relation, { cluster, profile }: ObjectRef): string {
  const { group, version, resource, namespace, name } = relation
  return hrefOf({
    screen: 'list',
    places: [{ cluster, profile }],
    kind: { group, version, resource },
    ...(namespace && { namespaces: [namespace] }),
    open: { name, ...(namespace && { namespace }) },
  })
}
