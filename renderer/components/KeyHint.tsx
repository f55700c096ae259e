import styles from './KeyHint.module.css'

const isMac = navigator.userAgent.includes('Mac')
const names: Readonly<Record<string, string>> = {
  mod: isMac ? '⌘' : 'Ctrl',
  ctrl: isMac ? '⌃' : 'Ctrl',
  shift: '⇧',
  alt: isMac ? '⌥' : 'Alt',
  arrowup: '↑',
  arrowdown: '↓',
  enter: '↵',
  escape: 'Esc',
  space: 'Space',
  pagedown: 'PgDn',
  pageup: 'PgUp',
  home: 'Home',
  end: 'End',
  contextmenu: 'Menu',
  f10: 'F10',
}

/** A shortcut as it is pressed on this machine: `mod+k`. */
export function KeyHint({ keys }: { keys: string }) {
  const parts = keys === '+' ? ['+'] : keys.split('+')
  return (
    <kbd className={styles['hint']}>
      {parts
        .map((it) => names[it.toLowerCase()] ?? (parts.length > 1 ? it.toUpperCase() : it))
        .join(parts.length > 1 && !isMac ? '+' : '')}
    </kbd>
  )
}
