import { randomBytes } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CDPSession } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeAuthority } from '../support/cluster/certificates.ts'
import { recordTraffic } from '../support/home-traffic.ts'
import { builtRenderer, fingerprintOf, homes, openHome, type Home } from '../support/homes.ts'
import { createPod, realPod } from '../support/pods.ts'
import { SecretSearch } from '../support/secret-search.ts'
import { act, dock, drawer, goTo, signIn, TerminalScreen } from '../support/stories.ts'
import { openTap, type Tap } from '../support/tap.ts'
import { adminKubeconfig, openWorld, type TestPerson, type World } from '../support/world.ts'
import { see } from '../support/see.ts'

const token = /eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/g
const refreshToken = /ghr_[\w.-]{20,}/g

let world: World
let namespace: { readonly name: string; remove(): Promise<void> }
/** Between people and the gateway, and between the gateway and the cluster. */
let front: Tap
let back: Tap

beforeAll(async () => {
  const authority = await makeAuthority()
  front = await openTap()
  back = await openTap(await authority.certificateFor(['127.0.0.1']))
  world = await openWorld({
    allow: [`127.0.0.1:${back.port}`],
    environment: {
      GATEHOUSE_CONSOLE_FOLDER: await builtRenderer(),
      GATEHOUSE_HOSTS: `127.0.0.1:${front.port}`,
      // Short enough that the app must exchange its tokens while it works.
      GATEHOUSE_ACCESS_SECONDS: '62',
    },
  })
  const { cluster, gateway } = world
  const read = (name: string) => readFile(join(gateway.folder, name), 'utf8')
  front.lead({
    port: gateway.port,
    caPem: gateway.caPem,
    pair: {
      certificatePem: await read('certificate.pem'),
      keyPem: await read('certificate-key.pem'),
    },
  })
  const { address, caPem } = cluster.handle
  back.lead({ port: Number(new URL(address).port), caPem })
  const handle = {
    ...cluster.handle,
    address: `https://127.0.0.1:${back.port}`,
    caPem: authority.caPem,
  }
  const admin = await gateway.admin()
  await admin.clusters.importContext({
    kubeconfig: adminKubeconfig({ ...cluster, handle }),
    context: 'admin',
    id: 'tapped',
    name: 'The tapped cluster',
  })
  namespace = await cluster.namespace('secrets')
  await createPod(cluster, namespace.name, realPod('shell', { script: 'exec sleep 3600' }))
  await cluster.waitForPod(namespace.name, 'shell')
})
afterAll(async () => {
  await namespace?.remove()
  await world?.stop()
  await Promise.all([front?.stop(), back?.stop()])
})

describe.each(homes)('in the %s', (kind) => {
  let home: Home
  let person: TestPerson
  let traffic: () => Promise<string>
  const nextPassword = randomBytes(12).toString('hex')
  /** Would be found wherever a token is, if the search were blind to nothing. */
  const planted = `eyJ${randomBytes(20).toString('hex')}.${randomBytes(20).toString('hex')}.${randomBytes(32).toString('hex')}`

  beforeAll(async () => {
    person = await world.person([])
    const admin = await world.gateway.admin()
    const [profile] = (await admin.profiles.list({ clusterId: 'tapped' })).filter(
      (it) => it.name === 'admin',
    )
    await admin.grants.create({
      personId: person.id,
      profileId: profile?.id ?? '',
      preset: 'admin',
    })
    home = await openHome(kind, `https://127.0.0.1:${front.port}`)
    traffic = await recordTraffic(home)
    await work()
  })
  afterAll(() => home?.close())

  /** Everything that makes tokens travel: signing in, lists, an object, logs, a terminal. */
  async function work() {
    const { page } = home
    const address = `https://127.0.0.1:${front.port}`
    await signIn(home, person, { address, fingerprint: await fingerprintOf(front.port) })
    await changePassword()
    await goTo(
      page,
      `#/c/tapped@admin/core/v1/pods?ns=${namespace.name}&open=${namespace.name}/shell`,
    )
    const opened = drawer(page, 'shell')
    await act(page, opened, 'Logs')
    await see(dock(page).getByText('No lines yet.')).toBeVisible()
    await act(page, opened, 'Shell')
    const terminal = new TerminalScreen(page)
    await terminal.begin()
    await terminal.run(`echo ${planted}`)
    await terminal.shows(/^eyJ/m)
    // More questions than before, after the first token has come to its end.
    if (kind === 'desktop')
      await see
        .poll(() => new Set(front.heard().match(refreshToken)).size, { timeout: 30_000 })
        .toBeGreaterThan(1)
  }

  async function changePassword() {
    const { page } = home
    await goTo(page, '#/settings')
    const [current, next] = [page.getByLabel('Current password'), page.getByLabel('New password')]
    await current.fill(person.password)
    await next.fill(nextPassword)
    await page.getByRole('button', { name: 'Change the password' }).click()
    await see(page.getByText('The password is changed')).toBeVisible()
    expect([await current.inputValue(), await next.inputValue()]).toEqual(['', ''])
  }

  /** What was handed out to this person and to the gateway until now. */
  function secrets(): Map<string, string> {
    const found = new Map<string, string>()
    for (const [it] of front.heard().matchAll(token)) found.set(it, 'a token of the gateway')
    for (const [it] of front.heard().matchAll(refreshToken)) found.set(it, 'a refresh token')
    for (const [it] of back.heard().matchAll(token)) found.set(it, 'a token of the cluster')
    found.set(world.cluster.handle.adminToken, 'the token of the cluster’s administrator')
    found.delete(planted)
    return found
  }

  const search = (haystack: Buffer, where: string, wanted = secrets()) =>
    new SecretSearch(wanted).find(haystack).map((what) => `${what} in ${where}`)
  /** A password travels, of course; it stays nowhere. */
  const kept = (haystack: Buffer, where: string) =>
    search(
      haystack,
      where,
      secrets().set(person.password, 'the password').set(nextPassword, 'the new password'),
    )
  const holds = (haystack: Buffer) =>
    new SecretSearch(new Map([[planted, 'planted']])).find(haystack).length > 0

  test('tokens of every sort have travelled, so that there is something to find', () => {
    const kinds = new Set(secrets().values())
    expect(kinds).toContain('a token of the gateway')
    expect(kinds).toContain('a token of the cluster')
    if (kind === 'desktop') expect(kinds).toContain('a refresh token')
  })

  test('the memory of the page holds none, and what is planted there is found', async () => {
    const { page } = home
    await page.evaluate((it) => Object.assign(window, { planted: [it.slice(0, 9), it] }), planted)
    const session = await page.context().newCDPSession(page)
    const snapshot = await snapshotOf(session)
    expect(snapshot.length).toBeGreaterThan(1_000_000)
    expect(kept(snapshot, 'the heap')).toEqual([])
    expect(holds(snapshot)).toBe(true)
  })

  test('all that passed between the page and its carrier holds none', async () => {
    const said = Buffer.from(await traffic(), 'latin1')
    expect(said.includes('"opened"')).toBe(true)
    expect(said.includes(person.password)).toBe(true)
    expect(holds(said)).toBe(true)
    expect(search(said, 'the traffic')).toEqual([])
  })

  test('what the page can store holds none', async () => {
    const { page } = home
    const look = () =>
      page.evaluate(async () =>
        JSON.stringify([
          Object.entries(localStorage),
          Object.entries(sessionStorage),
          document.cookie,
          await indexedDB.databases(),
          await caches.keys(),
          location.href,
          history.state,
        ]),
      )
    const before = Buffer.from(await look())
    expect(kept(before, 'the storage')).toEqual([])
    expect(before.toString()).toContain('[],[]')
    await page.evaluate((it) => {
      sessionStorage.setItem('planted', it)
    }, planted)
    expect(holds(Buffer.from(await look()))).toBe(true)
  })

  test('no file and no line that the app or the gateway writes holds any', async () => {
    const { desktop, userData } = home
    const lines = Buffer.from(`${desktop?.output() ?? ''}\n${world.gateway.logged.join('\n')}`)
    expect(kept(lines, 'what was written to a log')).toEqual([])
    if (userData === undefined) return
    await writeFile(join(userData, 'planted'), planted)
    const files = await filesBelow(userData)
    expect([...files].filter(([, bytes]) => holds(bytes)).map(([name]) => name)).toContain(
      'planted',
    )
    const all = Buffer.concat([...files.values()])
    expect(kept(all, [...files.keys()].join(', '))).toEqual([])
  })
})

async function snapshotOf(session: CDPSession): Promise<Buffer> {
  const chunks: string[] = []
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk))
  await session.send('HeapProfiler.collectGarbage')
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  return Buffer.from(chunks.join(''))
}

async function filesBelow(folder: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    // The app goes on while it is looked at: what is gone in between is in no other file.
    const bytes = await readFile(path).catch(() => undefined)
    if (bytes) files.set(path.slice(folder.length + 1), bytes)
  }
  return files
}
