import { useMantineColorScheme } from '@mantine/core'
import { desktop } from '../data/bridge.ts'
import { signOut } from '../data/session.ts'
import { useTexts } from '../texts/texts.ts'
import { useCommands } from './commands.ts'
import { setPrefs } from './prefs.ts'

export type Theme = 'light' | 'dark' | 'auto'

/** Light, dark or the machine’s own; the app’s next window then opens in the right colour. */
export function useTheme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const choose = (theme: Theme) => {
    setColorScheme(theme)
    void desktop?.shell.setTheme({ theme: theme === 'auto' ? 'system' : theme })
  }
  return { theme: colorScheme, choose }
}

export function useThemeCommands(): void {
  const { choose } = useTheme()
  const t = useTexts('frame')
  const section = t('keysFrame')
  const themes = (['light', 'dark', 'auto'] as const).map((it) => ({
    id: `theme-${it}`,
    title: t('themeIs', { theme: t(`theme.${it}`) }),
    section,
    run: () => {
      choose(it)
    },
  }))
  const densities = (['compact', 'normal', 'roomy'] as const).map((it) => ({
    id: `density-${it}`,
    title: t('densityIs', { density: t(`density.${it}`) }),
    section,
    run: () => {
      setPrefs({ density: it })
    },
  }))
  const leave = { id: 'sign-out', title: t('signOut'), section, run: () => void signOut() }
  useCommands([...themes, ...densities, leave])
}
