/** Which files are taken. */
export interface FileRules {
  /** `.yaml`; the empty one is that of a name without any. */
  readonly endings: readonly string[]
  /** Bytes, of all files together. */
  readonly most: number
  /** Whether several may be opened at once. */
  readonly several: boolean
}

export interface ReadFile {
  readonly name: string
  readonly text: string
}

export type FileRefusal =
  | { readonly why: 'several' | 'sizes' }
  | { readonly why: 'ending' | 'size' | 'bytes' | 'unreadable'; readonly name: string }

type TextFile = { readonly status: 'read'; readonly file: ReadFile } | Refused
type Refused = { readonly status: 'refused'; readonly refusal: FileRefusal }

/** Reads what somebody chose or dropped; nothing is read of a file that will not be taken. */
export async function readTextFiles(
  files: readonly File[],
  rules: FileRules,
): Promise<{ read: ReadFile[]; refusals: FileRefusal[] }> {
  if (files.length > 1 && !rules.several) return { read: [], refusals: [{ why: 'several' }] }
  const size = files.reduce((sum, it) => sum + it.size, 0)
  if (files.length > 1 && size > rules.most) return { read: [], refusals: [{ why: 'sizes' }] }
  const all = await Promise.all(files.map((it) => readTextFile(it, rules)))
  return {
    read: all.flatMap((it) => (it.status === 'read' ? [it.file] : [])),
    refusals: all.flatMap((it) => (it.status === 'refused' ? [it.refusal] : [])),
  }
}

async function readTextFile(file: File, { endings, most }: FileRules): Promise<TextFile> {
  const { name, size } = file
  const refused = (why: 'ending' | 'size' | 'bytes' | 'unreadable'): Refused => ({
    status: 'refused',
    refusal: { why, name },
  })
  if (!endings.includes(endingOf(name))) return refused('ending')
  if (size > most) return refused('size')
  let bytes: ArrayBuffer
  try {
    bytes = await file.arrayBuffer()
  } catch {
    // A folder that was dropped, or a file that is gone by now.
    return refused('unreadable')
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.includes('\0') ? refused('bytes') : { status: 'read', file: { name, text } }
  } catch {
    return refused('bytes')
  }
}

function endingOf(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot < 0 ? '' : name.slice(dot).toLowerCase()
}
