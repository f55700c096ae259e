import type { ITheme } from '@xterm/xterm'

const light = {
  black: '#1a2227',
  red: '#bb2323',
  green: '#19703b',
  yellow: '#8a5700',
  blue: '#1c5fbf',
  magenta: '#773bbf',
  cyan: '#0b6b7d',
  white: '#56636c',
  brightBlack: '#56636c',
  brightRed: '#d03535',
  brightGreen: '#24854a',
  brightYellow: '#9c6500',
  brightBlue: '#2f72d6',
  brightMagenta: '#8a4fd3',
  brightCyan: '#127d91',
  brightWhite: '#1a2227',
} satisfies ITheme

const dark = {
  black: '#283137',
  red: '#f58484',
  green: '#5fc384',
  yellow: '#dda63f',
  blue: '#74aef8',
  magenta: '#bb9bf2',
  cyan: '#45bcc9',
  white: '#dee5e9',
  brightBlack: '#95a3ac',
  brightRed: '#ffa3a3',
  brightGreen: '#83dba3',
  brightYellow: '#f0c265',
  brightBlue: '#9cc6ff',
  brightMagenta: '#d2bbff',
  brightCyan: '#74d8e3',
  brightWhite: '#ffffff',
} satisfies ITheme

/** The product’s colours for a terminal; the surface is read from the tokens, which know the theme. */
export function paletteOf(scheme: 'light' | 'dark'): ITheme {
  const style = getComputedStyle(document.documentElement)
  const token = (name: string) => style.getPropertyValue(name).trim()
  return {
    ...(scheme === 'dark' ? dark : light),
    background: token('--gh-bg'),
    foreground: token('--gh-text'),
    cursor: token('--gh-accent'),
    cursorAccent: token('--gh-bg'),
    selectionBackground: token('--gh-selected'),
    scrollbarSliderBackground: token('--gh-line'),
    scrollbarSliderHoverBackground: token('--gh-line-strong'),
    scrollbarSliderActiveBackground: token('--gh-line-strong'),
  }
}

/** Hits of a search; these want colours by value. */
export const searchColours = (scheme: 'light' | 'dark') =>
  scheme === 'dark'
    ? {
        matchBackground: '#5a4a16',
        matchOverviewRuler: '#dda63f',
        activeMatchBackground: '#85520f',
        activeMatchColorOverviewRuler: '#dda63f',
      }
    : {
        matchBackground: '#ffe9a8',
        matchOverviewRuler: '#8a5700',
        activeMatchBackground: '#ffc46b',
        activeMatchColorOverviewRuler: '#8a5700',
      }
