import { ActionIcon } from '@mantine/core'
import { IconLayoutSidebar, IconSearch } from '@tabler/icons-react'
import type { Session } from '../data/session.ts'
import { KeyHint } from '../components/KeyHint.tsx'
import { useTexts } from '../texts/texts.ts'
import { Breadcrumb } from './Breadcrumb.tsx'
import { ConnectionMark } from './ConnectionMark.tsx'
import { FilterBox } from './FilterBox.tsx'
import { LocalTerminalDoor } from './LocalTerminalDoor.tsx'
import { NamespacePicker } from './NamespacePicker.tsx'
import { PersonMenu } from './PersonMenu.tsx'
import { setPrefs, usePrefs } from './prefs.ts'
import { useRoute, type ListRoute } from './route.ts'
import { useKindIn } from './use-kinds.ts'
import styles from './TopBar.module.css'

interface TopBarProps {
  readonly session: Extract<Session, { status: 'signed in' }>
  readonly onPalette: () => void
}

/** Where one is, what of it is shown, and how fresh that is. */
export function TopBar({ session, onPalette }: TopBarProps) {
  const route = useRoute()
  const t = useTexts('frame')
  const treeOpen = usePrefs((it) => it.treeOpen)
  return (
    <header className={styles['bar']}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={treeOpen ? t('treeHide') : t('treeShow')}
        title={treeOpen ? t('treeHide') : t('treeShow')}
        onClick={() => {
          setPrefs({ treeOpen: !treeOpen })
        }}
      >
        <IconLayoutSidebar size={16} />
      </ActionIcon>
      <Breadcrumb route={route} />
      <div className={styles['space']} />
      {route.screen === 'list' && <ListTools route={route} />}
      <button type="button" className={styles['palette']} onClick={onPalette}>
        <IconSearch size={14} aria-hidden />
        <span>{t('search')}</span>
        <KeyHint keys="mod+k" />
      </button>
      <LocalTerminalDoor />
      <ConnectionMark trouble={session.trouble} />
      <PersonMenu session={session} />
    </header>
  )
}

function ListTools({ route }: { route: ListRoute }) {
  const kind = useKindIn(route.places, route.kind)
  return (
    <>
      {kind?.namespaced !== false && <NamespacePicker route={route} />}
      <FilterBox route={route} />
    </>
  )
}
