const key = 'gatehouse.signed-in'

/**
 * Whether somebody signed in with this browser and did not sign out. It proves nothing and is asked by nobody but
 * this page: the session’s cookie cannot be read here, and to ask the gateway without one is a refusal on record.
 * A browser that keeps nothing is taken to be signed in, so that the gateway says.
 */
export function mayBeSignedIn(): boolean {
  try {
    return localStorage.getItem(key) !== null
  } catch {
    return true
  }
}

export function rememberSignedIn(is: boolean): void {
  try {
    if (is) localStorage.setItem(key, '1')
    else localStorage.removeItem(key)
  } catch {
    // Then each visit asks.
  }
}
