import { IconChevronDown, IconChevronRight, IconLayoutDashboard } from '@tabler/icons-react'
import type { Place } from '#gateway/place.ts'
import { kindName } from '../data/kinds.ts'
import { useTexts } from '../texts/texts.ts'
import { useKeptNamespaces } from './kept-namespaces.ts'
import { groupKinds, type KindGroup } from './kind-groups.ts'
import { GroupMark } from './GroupMark.tsx'
import { KindItem } from './KindItem.tsx'
import type { MergedKind } from './merge-kinds.ts'
import { useClusterName, usePlaces } from './places.ts'
import { setPrefs, toggled, usePrefs } from './prefs.ts'
import { hrefOf, useRoute } from './route.ts'
import { useKinds } from './use-kinds.ts'
import styles from './KindTree.module.css'

/** Every kind of the clusters that are looked at; counts are live where a group is open. */
export function KindTree() {
  const places = usePlaces()
  return (
    <nav className={styles['tree']} aria-label={useTexts('frame')('kinds')}>
      {places.length > 0 && <Groups places={places} />}
    </nav>
  )
}

function Groups({ places }: { places: readonly Place[] }) {
  const { kinds, failed, incomplete } = useKinds(places)
  const t = useTexts('frame')
  const route = useRoute()
  const clusterName = useClusterName()
  const namespaces = useKeptNamespaces()
  const { favourites, groups: open } = usePrefs()
  const liked = favourites.flatMap((name) => kinds.filter((it) => kindName(it) === name))
  const where = ({ cluster }: Place) => (places.length > 1 ? ` (${clusterName(cluster)})` : '')
  const items = (of: readonly MergedKind[]) => (
    <ul className={styles['items']}>
      {of.map((it) => (
        <KindItem key={kindName(it)} kind={it} places={places} namespaces={namespaces} />
      ))}
    </ul>
  )
  return (
    <>
      <a
        className={styles['item']}
        href={hrefOf({ screen: 'overview', places })}
        {...(route.screen === 'overview' && { 'aria-current': 'page' })}
      >
        <IconLayoutDashboard size={14} aria-hidden />
        <span className={styles['name']}>{t('overview')}</span>
      </a>
      {failed.map(({ place, message }) => (
        <p key={`${place.cluster}@${place.profile}`} className={styles['note']}>
          {t('kindsUnanswered', { cluster: clusterName(place.cluster), message })}
        </p>
      ))}
      {liked.length > 0 && (
        <Group title={t('groups.favourites')} open>
          {items(liked)}
        </Group>
      )}
      {groupKinds(kinds).map((group) => {
        const id = group.apiGroup ?? group.id
        const isOpen = open.includes(id)
        return (
          <Group
            key={id}
            title={titleOf(group, t(`groups.${group.id}`))}
            open={isOpen}
            onToggle={() => {
              setPrefs({ groups: toggled(open, id) })
            }}
            mark={
              !isOpen && <GroupMark kinds={group.kinds} places={places} namespaces={namespaces} />
            }
          >
            {isOpen && items(group.kinds)}
          </Group>
        )
      })}
      {incomplete.length > 0 && (
        <p className={styles['note']}>
          {t('kindsIncomplete', {
            groups: incomplete.map(({ group, place }) => group + where(place)).join(', '),
          })}
        </p>
      )}
    </>
  )
}

const titleOf = ({ apiGroup }: KindGroup, title: string) => apiGroup ?? title

function Group(props: {
  title: string
  open: boolean
  onToggle?: () => void
  mark?: React.ReactNode
  children: React.ReactNode
}) {
  const { title, open, onToggle, mark, children } = props
  return (
    <section className={styles['group']}>
      {onToggle ? (
        <button
          type="button"
          className={styles['heading']}
          aria-expanded={open}
          onClick={onToggle}
          title={title}
        >
          {open ? <IconChevronDown size={12} /> : <IconChevronRight size={12} />}
          <span>{title}</span>
          {mark}
        </button>
      ) : (
        <div className={styles['heading']}>
          <span>{title}</span>
        </div>
      )}
      {children}
    </section>
  )
}
