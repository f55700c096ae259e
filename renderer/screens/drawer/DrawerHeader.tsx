import { ActionIcon } from '@mantine/core'
import {
  IconArrowsDiagonal,
  IconArrowsDiagonalMinimize2,
  IconPin,
  IconPinFilled,
  IconX,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { ObjectRef, Tone } from '#gateway/place.ts'
import { setPrefs, usePrefs } from '../../app/prefs.ts'
import { go, type ListRoute } from '../../app/route.ts'
import { Since } from '../../components/Since.tsx'
import { Status } from '../../components/Status.tsx'
import { useTexts } from '../../texts/texts.ts'
import styles from './drawer.module.css'

interface HeaderProps {
  readonly route: ListRoute
  readonly target: ObjectRef
  readonly kind: string
  readonly status: { readonly tone: Tone; readonly status: string } | undefined
  /** When what is shown was last right, if it no longer can be read. */
  readonly stale: number | undefined
}

export function DrawerHeader({ route, target, kind, status, stale }: HeaderProps) {
  const t = useTexts('drawer')
  const pinned = usePrefs((it) => it.drawerPinned)
  const full = route.full === true
  const close = () => {
    const { open: _, tab: __, full: ___, ...list } = route
    go(list)
  }
  const grow = () => {
    const { full: _, ...rest } = route
    go(full ? rest : { ...rest, full: true })
  }
  return (
    <header className={styles['header']}>
      <div className={styles['heading']}>
        <p className={styles['kind']}>
          {kind}
          {target.namespace && ` · ${target.namespace}`}
          {route.places.length > 1 && ` · ${target.cluster}@${target.profile}`}
        </p>
        <h2>{target.name}</h2>
        {status && status.status !== '' && <Status tone={status.tone} text={status.status} />}
        {stale !== undefined && (
          <p className={styles['stale']} role="status">
            <Since at={stale} text={(age) => t('stale', { age })} />
          </p>
        )}
      </div>
      {!full && (
        <HeaderButton
          label={pinned ? t('unpin') : t('pin')}
          pressed={pinned}
          onClick={() => {
            setPrefs({ drawerPinned: !pinned })
          }}
        >
          {pinned ? <IconPinFilled size={15} /> : <IconPin size={15} />}
        </HeaderButton>
      )}
      <HeaderButton label={full ? t('beside') : t('full')} onClick={grow}>
        {full ? <IconArrowsDiagonalMinimize2 size={15} /> : <IconArrowsDiagonal size={15} />}
      </HeaderButton>
      <HeaderButton label={t('close')} onClick={close}>
        <IconX size={16} />
      </HeaderButton>
    </header>
  )
}

function HeaderButton(props: {
  label: string
  pressed?: boolean
  onClick: () => void
  children: ReactNode
}) {
  const { label, pressed, onClick, children } = props
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="sm"
      aria-label={label}
      title={label}
      {...(pressed !== undefined && { 'aria-pressed': pressed })}
      onClick={onClick}
    >
      {children}
    </ActionIcon>
  )
}
