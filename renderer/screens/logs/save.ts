import { desktop } from '../../data/bridge.ts'

/** What the app’s own window accepts for one file. */
const desktopLimit = 60_000_000

export type Saved =
  | { readonly status: 'saved' }
  /** A file holds the newest only; so many letters are not in it. */
  | { readonly status: 'cut'; readonly missing: number; readonly limit: number }
  | { readonly status: 'cancelled' }

interface SaveHandle {
  createWritable(): Promise<{
    write(text: string): Promise<void>
    close(): Promise<void>
    abort(): Promise<void>
  }>
}

type Picker = (options: { suggestedName: string }) => Promise<SaveHandle>

/** Writes text to a file of the person’s choice, piece by piece where the browser can. */
export async function saveText(name: string, parts: AsyncIterable<string>): Promise<Saved> {
  if (desktop) return saveByApp(name, parts)
  const { showSaveFilePicker } = window as unknown as { showSaveFilePicker?: Picker }
  if (!showSaveFilePicker) return saveByLink(name, parts)
  try {
    const file = await showSaveFilePicker.call(window, { suggestedName: name })
    return await stream(file, parts)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return { status: 'cancelled' }
    throw error
  }
}

async function stream(file: SaveHandle, parts: AsyncIterable<string>): Promise<Saved> {
  const writable = await file.createWritable()
  try {
    for await (const part of parts) await writable.write(part)
    await writable.close()
  } catch (error) {
    await writable.abort().catch(() => undefined)
    throw error
  }
  return { status: 'saved' }
}

/** The newest lines are kept where all would be too much; the caller says so. */
async function saveByApp(name: string, parts: AsyncIterable<string>): Promise<Saved> {
  const kept: string[] = []
  let chars = 0
  let missing = 0
  for await (const part of parts) {
    kept.push(part)
    chars += part.length
    while (chars > desktopLimit) {
      const gone = kept.shift() ?? ''
      chars -= gone.length
      missing += gone.length
    }
  }
  const saved = await desktop?.shell.saveText({ name, text: kept.join('') })
  if (!saved?.saved) return { status: 'cancelled' }
  return missing > 0 ? { status: 'cut', missing, limit: desktopLimit } : { status: 'saved' }
}

/** A download by an address of this page’s own memory: it is followed, not loaded, so the policy has no say in it. */
async function saveByLink(name: string, parts: AsyncIterable<string>): Promise<Saved> {
  const kept: string[] = []
  for await (const part of parts) kept.push(part)
  const address = URL.createObjectURL(new Blob(kept, { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => {
    URL.revokeObjectURL(address)
  }, 60_000)
  return { status: 'saved' }
}
