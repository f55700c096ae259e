import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const folder = new URL('../../../server/migrations/', import.meta.url)

/** Every landed migration with the hash of its file. Lines are added here and never changed. */
const landed: Readonly<Record<string, string>> = {
  '0001-first-tables.ts': '2b1e0624c7bab5f673472038072530ee58467e9e265433c63911eeb5b85730da',
}

test('migrations only grow', async () => {
  const files = (await readdir(folder)).sort()
  expect(files).toEqual(Object.keys(landed))
  for (const file of files) {
    const text = await readFile(new URL(file, folder))
    expect([file, createHash('sha256').update(text).digest('hex')]).toEqual([file, landed[file]])
  }
})

test('each is named after its file and is in the list that runs, in order', async () => {
  const list = await readFile(new URL('../models/migrate.ts', folder), 'utf8')
  const imported = [...list.matchAll(/from '\.\.\/migrations\/(.+)'/g)].map(([, file]) => file)
  expect(imported).toEqual(Object.keys(landed))
  for (const file of imported) {
    const module = (await import(new URL(String(file), folder).href)) as { name: string }
    expect(`${module.name}.ts`).toBe(file)
  }
})
