export interface Paste {
  readonly text: string
  readonly lines: number
  /** Signs that a terminal would obey were taken out. */
  readonly cleaned: boolean
}

/** More than this is a mistake, or belongs into a file. */
export const longestPaste = 1_000_000

// oxlint-disable-next-line no-control-regex
const obeyed = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029]/g

/** What may be typed in someone’s name: text with its lines, without anything that steers a terminal. */
export function preparePaste(raw: string): Paste {
  const text = raw.replace(obeyed, '').replace(/\r\n?/g, '\n')
  const lines = text.replace(/\n+$/, '').split('\n').length
  return { text, lines, cleaned: text.length < raw.replace(/\r\n?/g, '\n').length }
}

/** Whether somebody should look before it runs: each line end is an Enter where the program takes no pastes as such. */
export const needsLook = ({ text, cleaned }: Paste, bracketed: boolean): boolean =>
  cleaned || (!bracketed && text.includes('\n'))
