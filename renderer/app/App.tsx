import { createTheme, MantineProvider, Menu, Modal, Notification } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { onDesktop } from '../data/bridge.ts'
import { queries } from '../data/queries.ts'
import { startSession } from '../data/session.ts'
import { useTexts } from '../texts/texts.ts'
import { runCommand, startKeys } from './commands.ts'
import { Door } from './Door.tsx'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { usePrefs } from './prefs.ts'
import { goTo } from './route.ts'

const themeIn = (words: { readonly close: string }) =>
  createTheme({
    primaryColor: 'teal',
    cursorType: 'pointer',
    respectReducedMotion: true,
    components: {
      // The kit’s header of a dialog would be one more banner of the page.
      Modal: Modal.extend({ defaultProps: { attributes: { header: { role: 'presentation' } } } }),
      Notification: Notification.extend({
        defaultProps: { closeButtonProps: { 'aria-label': words.close } },
      }),
      // Of a menu only its items are members.
      Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }),
    },
  })

/** Variables and classes come from our style sheets: Mantine would write them through innerHTML. */
export function App() {
  const t = useTexts('frame')
  const theme = useMemo(() => themeIn({ close: t('close') }), [t])
  useEffect(startSession, [])
  useEffect(startKeys, [])
  useEffect(
    () =>
      onDesktop('navigate', ({ path }) => {
        goTo(path)
      }),
    [],
  )
  useEffect(
    () =>
      onDesktop('menu', ({ command }) => {
        runCommand(command)
      }),
    [],
  )
  const density = usePrefs((it) => it.density)
  useEffect(() => {
    document.documentElement.dataset['density'] = density
  }, [density])
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={queries}>
        <Notifications position="bottom-right" limit={5} />
        <ErrorBoundary>
          <Door />
        </ErrorBoundary>
      </QueryClientProvider>
    </MantineProvider>
  )
}
