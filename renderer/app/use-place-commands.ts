import { notifications } from '@mantine/notifications'
import { copyText } from '../components/copy-text.ts'
import { home } from '../data/bridge.ts'
import { useTexts } from '../texts/texts.ts'
import { openLocalTerminal } from './actions/open-panes.ts'
import { useCommands, type Command } from './commands.ts'
import { currentRoute } from './route.ts'
import { useTerminalPlaces } from './use-terminal-places.ts'
import { viewLink } from './view-link.ts'

/** As terminals have it for a tab more; no shell hears it. In a browser it is the browser's own. */
const localTerminalKeys = 'mod+shift+t'

/** What is done with the place that is looked at: a shell beside it, and its address for somebody else. */
export function usePlaceCommands(address: string): void {
  const t = useTexts('frame')
  const section = t('keysFrame')
  const terminals = useTerminalPlaces().map(({ place, name, namespace }, index): Command => {
    const { cluster, profile } = place
    return {
      id: index === 0 ? 'local-terminal' : `local-terminal-${cluster}@${profile}`,
      title: t('localTerminalFor', { cluster: name, profile }),
      ...(index === 0 && home === 'desktop' && { keys: localTerminalKeys, overTerminal: true }),
      section,
      run: () => {
        openLocalTerminal(place, namespace)
      },
    }
  })
  const copyLink = async () => {
    const link = viewLink(home === 'desktop' ? address : window.location.origin, currentRoute())
    await copyText(link)
    notifications.show({
      title: t('linkCopied'),
      message: home === 'desktop' ? t('linkOfConsole', { link }) : link,
    })
  }
  const copy = { id: 'copy-link', title: t('copyLink'), keys: 'shift+l', section }
  useCommands([...terminals, { ...copy, run: () => void copyLink() }])
}
