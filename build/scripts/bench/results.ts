import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { root } from '../tools.ts'

/** What one part of the bench found, as it stands in the results. */
export interface Section {
  readonly title: string
  /** Below the time and the machine: tables and what is to be known about them. */
  readonly text: string
}

const folder = join(root, 'build/bench')
const file = join(folder, 'results.md')

/** Replaces what an earlier run of the same part left; other parts stay as they are. */
export async function keepResults(section: Section, started: Date): Promise<string> {
  const about = `${started.toISOString()}, ${cpus().length} cores, Node ${process.version}`
  const text = `## ${section.title}\n\n${about}\n\n${section.text.trim()}\n`
  const sections = await readSections()
  sections.set(section.title, text)
  await mkdir(folder, { recursive: true })
  await writeFile(file, [...sections.values()].join('\n'))
  return text
}

async function readSections(): Promise<Map<string, string>> {
  const sections = new Map<string, string>()
  const text = await readFile(file, 'utf8').catch(() => '')
  for (const part of text.split(/^(?=## )/m)) {
    const title = /^## (.+)$/m.exec(part)?.[1]
    if (title !== undefined) sections.set(title, `${part.trimEnd()}\n`)
  }
  return sections
}
