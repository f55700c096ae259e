/** Operations whose answers hold tokens: main asks them itself, and no window may. */
export const withheldFromWindows: ReadonlySet<string> = new Set([
  'entry.signIn',
  'entry.refresh',
  'entry.signInConsole',
])
