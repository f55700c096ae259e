import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type TestPerson, type World } from '../../support/world.ts'

const run = promisify(execFile)
// Only root may mount the small disk that gets full.
const isRoot = process.getuid?.() === 0
let disk: string
let world: World

beforeAll(async () => {
  disk = await mkdtemp(join(tmpdir(), 'gatehouse-disk-'))
  if (!isRoot) return
  await run('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk])
  world = await openWorld({ folder: disk })
})
afterAll(async () => {
  await world?.stop()
  if (isRoot) await run('umount', ['--lazy', disk])
  await rm(disk, { recursive: true, force: true })
})

test.skipIf(!isRoot)(
  'a full disk stops new work with 503 and says why; with room again, work goes on',
  { timeout: 90_000 },
  async () => {
    const { name: namespace } = await world.cluster.namespace('full')
    const person = await world.person(['admin'])
    const filler = join(disk, 'filler')
    await fill(filler)
    const refused = await untilRefused(person, namespace)
    expect(refused).toContain('The audit log cannot be written')
    const read = await person.kubectl(['get', 'pods', '-n', namespace])
    expect(read.stderr).toContain('ServiceUnavailable')
    await expect(world.gateway.as(person.token).persons.me({})).rejects.toMatchObject({
      code: 'unavailable',
    })

    await rm(filler)
    await expect
      .poll(async () => (await person.kubectl(['get', 'pods', '-n', namespace])).code, {
        timeout: 30_000,
      })
      .toBe(0)
    const made = await person.kubectl(['create', 'configmap', 'after', '-n', namespace])
    expect(made).toMatchObject({ code: 0 })
  },
)

/** Changes things until the last free page of the database is used up; gives the first refusal. */
async function untilRefused(person: TestPerson, namespace: string): Promise<string> {
  for (let turn = 0; turn < 300; turn += 1) {
    const name = `before-${turn}`
    const { code, stderr } = await person.kubectl(['create', 'configmap', name, '-n', namespace])
    if (code !== 0) return stderr
  }
  throw new Error('the disk never got full')
}

async function fill(file: string): Promise<void> {
  for (let kilobytes = 8192; kilobytes >= 4; kilobytes /= 2)
    await writeFile(file, Buffer.alloc(kilobytes * 1024), { flag: 'a' }).catch(() => undefined)
}
