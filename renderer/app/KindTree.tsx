import { useQuery } from '@tanstack/react-query'
import { IconChevronDown, IconChevronRight, IconLayoutDashboard } from '@tabler/icons-react'
import type { Kind } from '#gateway/kinds.ts'
import type { Place } from '#gateway/place.ts'
import { kindName, kindsOf } from '../data/kinds.ts'
import { useTexts } from '../texts/texts.ts'
import { groupKinds, type KindGroup } from './kind-groups.ts'
import { KindItem } from './KindItem.tsx'
import { usePlaces } from './places.ts'
import { setPrefs, toggled, usePrefs } from './prefs.ts'
import { hrefOf, useRoute } from './route.ts'
import styles from './KindTree.module.css'

/** Every kind of the clusters that are looked at; counts are live where a group is open. */
export function KindTree() {
  const places = usePlaces()
  const [place] = places
  return (
    <nav className={styles['tree']} aria-label={useTexts('frame')('kinds')}>
      {place && <Groups places={places} place={place} />}
    </nav>
  )
}

function Groups({ places, place }: { places: readonly Place[]; place: Place }) {
  const { data, error } = useQuery(kindsOf(place))
  const t = useTexts('frame')
  const route = useRoute()
  const { favourites, groups: open } = usePrefs()
  const kinds = data?.kinds ?? []
  const liked = favourites.flatMap((name) => kinds.filter((it) => kindName(it) === name))
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
      {error && <p className={styles['note']}>{error.message}</p>}
      {liked.length > 0 && (
        <Group title={t('groups.favourites')} open>
          <Items kinds={liked} places={places} />
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
          >
            {isOpen && <Items kinds={group.kinds} places={places} />}
          </Group>
        )
      })}
      {data && data.incomplete.length > 0 && (
        <p className={styles['note']}>
          {t('kindsIncomplete', { groups: data.incomplete.join(', ') })}
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
  children: React.ReactNode
}) {
  const { title, open, onToggle, children } = props
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

function Items(props: { kinds: readonly Kind[]; places: readonly Place[] }) {
  return (
    <ul className={styles['items']}>
      {props.kinds.map((it) => (
        <KindItem key={kindName(it)} kind={it} places={props.places} />
      ))}
    </ul>
  )
}
