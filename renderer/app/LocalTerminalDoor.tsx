import { ActionIcon, Button, Menu } from '@mantine/core'
import { IconTerminal2 } from '@tabler/icons-react'
import type { Place } from '#gateway/place.ts'
import { home } from '../data/bridge.ts'
import { useTexts } from '../texts/texts.ts'
import { openLocalTerminal } from './actions/open-panes.ts'
import { samePlace } from './places.ts'
import { placeText } from './route-text.ts'
import type { TerminalPlace } from './terminal-place.ts'
import { useTerminalPlaces } from './use-terminal-places.ts'

/** Opened beside: what runs in the console’s own dock must not end by it. */
const toDownload = { href: '/download', target: '_blank', rel: 'noreferrer' } as const
const look = { variant: 'subtle', color: 'gray' } as const
const open = ({ place, namespace }: TerminalPlace) => {
  openLocalTerminal(place, namespace)
}

/** A shell for the cluster that is looked at, of several for the one that is chosen; in a browser, the way to the app. */
export function LocalTerminalDoor() {
  const places = useTerminalPlaces()
  const [first, ...others] = places
  if (!first) return null
  if (home === 'web') return <WayToApp />
  if (others.length === 0) return <Door place={first} />
  return <Doors places={places} />
}

function WayToApp() {
  const label = useTexts('terminal')('desktopOnly')
  return (
    <ActionIcon {...look} {...toDownload} component="a" aria-label={label} title={label}>
      <IconTerminal2 size={16} />
    </ActionIcon>
  )
}

function Door({ place }: { place: TerminalPlace }) {
  const label = useTitle()(place)
  const run = () => {
    open(place)
  }
  return (
    <ActionIcon {...look} aria-label={label} title={label} onClick={run}>
      <IconTerminal2 size={16} />
    </ActionIcon>
  )
}

function Doors({ places }: { places: readonly TerminalPlace[] }) {
  const label = useTexts('frame')('localTerminal')
  const title = useTitle()
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <ActionIcon {...look} aria-label={label} title={label}>
          <IconTerminal2 size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {places.map((it) => (
          <Menu.Item
            key={placeText(it.place)}
            onClick={() => {
              open(it)
            }}
          >
            {title(it)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function useTitle() {
  const t = useTexts('frame')
  return ({ name, place: { profile } }: TerminalPlace) =>
    t('localTerminalFor', { cluster: name, profile })
}

/** The same in words, for one cluster of the overview. */
export function LocalTerminalButton({ place }: { place: Place }) {
  const t = useTexts('frame')
  const absent = useTexts('terminal')('desktopOnly')
  const title = useTitle()
  const found = useTerminalPlaces().find((it) => samePlace(it.place, place))
  if (!found) return null
  if (home === 'web') return <a {...toDownload}>{absent}</a>
  const label = title(found)
  return (
    <Button
      size="compact-xs"
      variant="default"
      leftSection={<IconTerminal2 size={14} />}
      aria-label={label}
      title={label}
      onClick={() => {
        open(found)
      }}
    >
      {t('localTerminal')}
    </Button>
  )
}
