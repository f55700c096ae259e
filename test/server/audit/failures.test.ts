import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type DatabaseHome, dialects } from '../../support/databases.ts'
import { attempt, change, eventsOf, newKey, openWorld, verdictOf } from './chains.ts'

const run = promisify(execFile)

describe.each(dialects)('after a kill -9 on $dialect', ({ home: open }) => {
  let home: DatabaseHome
  beforeAll(async () => {
    home = await open()
  })
  afterAll(() => home.end())

  test('the next run names the gap and every intent whose outcome nobody knows', async () => {
    const url = await home.fresh()
    const key = newKey()
    const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString()
    const script = new URL('./killed-process.ts', import.meta.url).pathname
    const child = spawn(process.execPath, [script, url, pem], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const told = await linesOf(child, 25)
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended

    const world = await openWorld(url, 'here', key)
    onTestFinished(world.close)
    const events = await eventsOf(world)
    expect(events.filter((it) => it.phase === 'gap')).toHaveLength(1)
    const unknown = events.filter((it) => it.result === 'unknown' && it.phase === 'outcome')
    expect(unknown.map((it) => it.id)).toEqual(expect.arrayContaining(told))
    const outcomes = events.filter((it) => it.phase === 'outcome')
    const intents = events.filter((it) => it.phase === 'intent')
    expect(outcomes.map((it) => it.id).sort()).toEqual(intents.map((it) => it.id).sort())
    expect(await verdictOf(world)).toMatchObject({ status: 'intact', gaps: [{ writer: 'here' }] })
  })
})

test('an orderly end says that it does not know the outcome of what is still open', async () => {
  const folder = await temporaryFolder()
  let world = await openWorld(`sqlite:${join(folder, 'a.db')}`)
  onTestFinished(() => world.close())
  const open = attempt()
  await world.audit.intent(open)
  world = await world.restart()
  expect(await eventsOf(world, { id: open.id })).toMatchObject([
    { phase: 'intent', result: 'allowed' },
    { phase: 'outcome', result: 'unknown' },
  ])
  expect(await verdictOf(world)).toMatchObject({ status: 'intact', gaps: [] })
})

// Only root may mount the small disk that gets full.
test.skipIf(process.getuid?.() !== 0)(
  'a full disk refuses work, and once it has room nothing is missing and nothing is there twice',
  async () => {
    const disk = await smallDisk('3m')
    const world = await openWorld(`sqlite:${join(disk, 'a.db')}`)
    onTestFinished(world.close)
    const before = await change(world.audit)
    await world.audit.intent({ ...before, id: 'begun-before' })
    await fill(join(disk, 'filler'))

    const codes = new Set<string>()
    for (let turn = 0; turn < 400 && world.audit.state.status === 'healthy'; turn++)
      await world.audit.intent(attempt({ id: `turn-${turn}` })).catch((error: unknown) => {
        codes.add((error as { code: string }).code)
      })
    expect([...codes]).toEqual(['unavailable'])
    expect(world.audit.state).toMatchObject({ status: 'failing' })
    expect(world.audit.state).toHaveProperty('reason', expect.stringContaining('SQLITE_FULL'))
    await expect(world.audit.intent(attempt({ id: 'later' }))).rejects.toThrow('audit log')
    await expect(world.audit.event(attempt({ id: 'denied', result: 'refused' }))).rejects.toThrow()
    world.audit.read(attempt({ id: 'seen' }))
    await world.audit.outcome({ ...before, id: 'begun-before' })

    await rm(join(disk, 'filler'))
    await expect.poll(() => world.audit.state.status, { timeout: 30_000 }).toBe('healthy')
    await change(world.audit, { id: 'afterwards' })
    const events = await eventsOf(world)
    const seen = (id: string) =>
      events.filter((it) => it.id === id).map((it) => [it.phase, it.result])
    expect(seen('later')).toEqual([['event', 'refused']])
    expect(seen('denied')).toEqual([['event', 'refused']])
    expect(seen('seen')).toEqual([['event', 'allowed']])
    expect(seen('begun-before').map(([phase]) => phase)).toEqual(['intent', 'outcome'])
    const turned = events.filter((it) => it.id.startsWith('turn-') && it.phase === 'outcome')
    expect(turned.map((it) => it.result)).toEqual(['refused'])
    expect(await verdictOf(world)).toMatchObject({ status: 'intact', records: events.length })
  },
)

test('more than the queue holds closes the door, is counted and leaves an honest gap', async () => {
  const folder = await temporaryFolder()
  const world = await openWorld(`sqlite:${join(folder, 'a.db')}`)
  onTestFinished(world.close)
  for (let turn = 0; turn < 5000; turn++) world.audit.read(attempt({ action: 'crowd' }))
  expect(world.audit.state).toMatchObject({ status: 'failing' })
  await expect(world.audit.intent(attempt())).rejects.toMatchObject({ code: 'unavailable' })
  await expect.poll(() => world.audit.state.status, { timeout: 30_000 }).toBe('healthy')
  await expect.poll(() => eventsOf(world, { action: 'audit' })).toHaveLength(2)
  const [, gap] = await eventsOf(world, { action: 'audit' })
  const kept = await world.db.events.count({ where: { action: 'crowd' } })
  expect(gap).toMatchObject({ phase: 'gap', detail: { lost: String(5001 - kept) } })
})

async function linesOf(child: ChildProcess, count: number): Promise<string[]> {
  const ids: string[] = []
  if (!child.stdout) return ids
  for await (const line of createInterface({ input: child.stdout })) {
    ids.push(line.split(' ')[1] ?? '')
    if (ids.length === count) break
  }
  return ids
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-audit-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function smallDisk(size: string): Promise<string> {
  const folder = await temporaryFolder()
  await run('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder])
  onTestFinished(async () => void (await run('umount', ['--lazy', folder])))
  return folder
}

async function fill(file: string): Promise<void> {
  for (let size = 64; ; size += 64)
    try {
      await writeFile(file, Buffer.alloc(size * 1024))
    } catch {
      return
    }
}
