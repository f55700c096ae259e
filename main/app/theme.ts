import type { Theme } from './window-state.ts'

/** The background of styles/tokens.css, so that a window does not flash before its page is there. */
const backgrounds = { light: '#fdfdfd', dark: '#12171a' } as const

export const backgroundFor = (theme: Theme, systemIsDark: boolean): string =>
  backgrounds[theme === 'system' ? (systemIsDark ? 'dark' : 'light') : theme]
