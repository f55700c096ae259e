import { useQuery } from '@tanstack/react-query'
import type { Relation } from '#gateway/objects.ts'
import type { ObjectRef } from '#gateway/place.ts'
import { hrefOf } from '../../app/route.ts'
import { StatusMark } from '../../components/StatusMark.tsx'
import { descriptionOf } from '../../data/objects.ts'
import { useTexts } from '../../texts/texts.ts'
import { Section } from './Section.tsx'
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

/** Up to what made it, down to what it made, and what it needs. */
export function Relations({ target }: { target: ObjectRef }) {
  const t = useTexts('drawer')
  const { data } = useQuery(descriptionOf(target))
  if (!data || (data.relations.length === 0 && data.unseen.length === 0)) return null
  const sorted = order.flatMap((word) => data.relations.filter((it) => it.relation === word))
  return (
    <Section title={t('relations')} count={data.relations.length}>
      <ul className={styles['lines']}>
        {sorted.slice(0, 60).map((it) => (
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
      {sorted.length > 60 && (
        <p className={styles['note']}>{t('more', { count: sorted.length - 60 })}</p>
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
