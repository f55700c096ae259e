import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildBridgePage, type BridgePage } from '../support/bridge-page/build.ts'
import type { Driver } from '../support/bridge-page/page.ts'
import { homes, openHome, type Home } from '../support/homes.ts'
import { createPod, realPod } from '../support/pods.ts'
import { openWorld, type TestPerson, type World } from '../support/world.ts'
import { see } from '../support/see.ts'

let built: BridgePage
let world: World
let namespace: { readonly name: string; remove(): Promise<void> }

beforeAll(async () => {
  built = await buildBridgePage()
  world = await openWorld({ environment: { GATEHOUSE_CONSOLE_FOLDER: built.renderer } })
  namespace = await world.cluster.namespace('bridge')
  await createPod(world.cluster, namespace.name, realPod('echo', { script: 'exec sleep 3600' }))
  await world.cluster.waitForPod(namespace.name, 'echo')
})
afterAll(async () => {
  await namespace?.remove()
  await world?.stop()
  await built?.remove()
})

// One suite for both: what a renderer can rely on, wherever it lives.
describe.each(homes)('the bridge in the %s', (kind) => {
  let home: Home
  let person: TestPerson

  beforeAll(async () => {
    person = await world.person(['operator'], { namespaces: [namespace.name] })
    home = await openHome(kind, world.gateway.address, { app: built.app })
    await see.poll(() => home.page.evaluate(() => 'driver' in window)).toBe(true)
    await drive('signIn', world.gateway.address, person.name, person.password)
  })
  afterAll(() => home?.close())

  /** Calls the driver in the page. */
  const drive = <N extends Functions>(
    name: N,
    ...args: Parameters<Driver[N]>
  ): Promise<Awaited<ReturnType<Driver[N]>>> =>
    home.page.evaluate(
      ([what, values]) => (window.driver[what] as (...of: unknown[]) => unknown)(...values),
      [name, args] as const,
    ) as Promise<Awaited<ReturnType<Driver[N]>>>

  const terminal = (more: Record<string, unknown>) => ({
    cluster: world.id,
    profile: 'operator',
    namespace: namespace.name,
    pod: 'echo',
    mode: 'exec',
    tty: false,
    ...more,
  })

  test('it knows where it lives, and only the app has what is local', async () => {
    const { home: where, hasDesktop } = await home.page.evaluate(() => ({
      home: window.driver.home,
      hasDesktop: window.driver.hasDesktop,
    }))
    expect([where, hasDesktop]).toEqual([kind, kind === 'desktop'])
    expect(await drive('listens')).toBe(true)
  })

  test('a call of the contract is answered with what the gateway says', async () => {
    const answer = await drive('call', 'persons', 'me', {})
    expect(answer).toMatchObject({ status: 'answered', value: { name: person.name, admin: false } })
    const clusters = await drive('call', 'contexts', 'list', {})
    expect(clusters).toMatchObject({ value: [{ clusterId: world.id, profileName: 'operator' }] })
  })

  test('an error keeps its code, and names the fields that are wrong', async () => {
    const wrong = { current: '', next: 'short' }
    const refused = await drive('call', 'persons', 'changePassword', wrong)
    expect(refused).toMatchObject({ status: 'refused', code: 'invalid_input' })
    expect(refused).toHaveProperty('fields', expect.arrayContaining(['next']))
    expect(await drive('call', 'persons', 'list', {})).toMatchObject({ code: 'forbidden' })
    const missing = { cluster: world.id, profile: 'operator', group: '', version: 'v1' }
    const pod = { ...missing, resource: 'pods', namespace: namespace.name, name: 'no-such-pod' }
    expect(await drive('call', 'objects', 'get', pod)).toMatchObject({ code: 'not_found' })
  })

  test('a name that is not in the contract, and a field that is not, are refused', async () => {
    for (const name of ['nothing.at-all', 'persons.constructor', '__proto__.toString'])
      expect(await drive('callUnknown', name)).toBe('not_found')
    const more = await drive('call', 'contexts', 'list', { everything: true })
    expect(more).toMatchObject({ status: 'refused', code: 'invalid_input' })
  })

  test('a call with more than is taken is refused before it does anything', async () => {
    const documents = `# ${'x'.repeat(1_600_000)}`
    const input = { cluster: world.id, profile: 'operator', documents, dry: true }
    const refused = await drive('call', 'objects', 'apply', input)
    expect(refused).toMatchObject({ status: 'refused' })
    expect(refused).toHaveProperty('code', expect.stringMatching(/^(?:invalid_input|too_large)$/))
  })

  test('a stream carries every byte there is, both ways, and tells how its program ended', async () => {
    const every = Array.from({ length: 256 }, (_, value) => value)
    const id = await drive('open', 'terminal', terminal({ command: ['cat'] }))
    // Before it is open, too: nothing that was sent is lost.
    await drive('sendBytes', id, every)
    await drive('opened', id)
    await drive('counted', id, 256)
    const { bytes } = await drive('heard', id)
    expect(bytes).toEqual([1, ...every])
    await drive('send', id, { type: 'eof' })
    expect(await drive('said', id, 'exit')).toMatchObject({ code: 0 })
    expect(await drive('ended', id)).toHaveLength(1)
  })

  test('output waits until what was sent is acknowledged, and then all of it comes', async () => {
    const command = ['sh', '-c', 'head -c 1000000 /dev/zero']
    const id = await drive('open', 'terminal', terminal({ command }))
    await drive('setAcknowledges', id, false)
    await drive('opened', id)
    await drive('counted', id, 190 * 1024)
    // A second stream of the same kind is through meanwhile; this one stands.
    const other = await drive('open', 'terminal', terminal({ command }))
    await drive('counted', other, 1_000_000)
    expect((await drive('heard', id)).count).toBeLessThan(512 * 1024)
    await drive('setAcknowledges', id, true)
    await drive('counted', id, 1_000_000)
    expect((await drive('heard', id)).count).toBe(1_000_000)
    expect(await drive('said', id, 'exit')).toMatchObject({ code: 0 })
  })

  test('a stream that the page closes ends once, and its program with it', async () => {
    const mark = `/tmp/left-${kind}`
    const script = `trap 'exit 0' HUP PIPE; while echo .; do sleep 0.05; done; touch ${mark}`
    const id = await drive('open', 'terminal', terminal({ command: ['sh', '-c', script] }))
    await drive('counted', id, 2)
    await drive('close', id)
    expect(await drive('ended', id)).toEqual([{ reason: undefined, error: undefined }])
    const admin = await world.gateway.admin()
    await see
      .poll(async () => {
        const { events } = await admin.events.list({ person: person.name, action: 'terminal' })
        return events.filter((it) => it.phase === 'outcome').length
      })
      .toBeGreaterThanOrEqual(4)
    expect(await drive('ended', id)).toHaveLength(1)
  })

  test('a stream that cannot be opened says why, with a code', async () => {
    const nowhere = await drive('open', 'terminal', terminal({ pod: 'no-such-pod' }))
    expect(await drive('ended', nowhere)).toMatchObject([{ error: { code: 'not_found' } }])
    const misshapen = await drive('open', 'terminal', { cluster: world.id })
    expect(await drive('ended', misshapen)).toMatchObject([{ error: { code: 'invalid_input' } }])
    const elsewhere = await drive('open', 'terminal', terminal({ profile: 'admin' }))
    expect(await drive('ended', elsewhere)).toMatchObject([{ error: { code: 'forbidden' } }])
    for (const id of [nowhere, misshapen, elsewhere])
      expect(await drive('heard', id)).toMatchObject({ isOpened: false })
  })

  test('a stream of no contract never opens', async () => {
    home.expectComplaint(/WebSocket connection .* failed/)
    const id = await drive('open', 'nothing', {})
    expect(await drive('ended', id)).toHaveLength(1)
    expect(await drive('heard', id)).toMatchObject({ isOpened: false })
  })

  test('messages that are no message, or too large, end the stream they come on', async () => {
    const strange = await drive('open', 'views', {})
    await drive('opened', strange)
    await drive('send', strange, { type: 'nothing' })
    expect(await drive('ended', strange)).toHaveLength(1)
    const large = await drive('open', 'terminal', terminal({ command: ['cat'] }))
    await drive('opened', large)
    await drive('sendMany', large, 1024 * 1024 + 1)
    expect(await drive('ended', large)).toHaveLength(1)
    const bytes = await drive('open', 'views', {})
    await drive('opened', bytes)
    await drive('sendMany', bytes, 10)
    expect(await drive('ended', bytes)).toHaveLength(1)
  })

  test('a stream that the gateway ends says the reason, within a second', async () => {
    const id = await drive('open', 'terminal', terminal({ command: ['cat'] }))
    await drive('opened', id)
    const admin = await world.gateway.admin()
    const began = performance.now()
    for (const grant of person.grantIds) await admin.grants.remove({ id: grant })
    const ends = await drive('ended', id)
    expect(performance.now() - began).toBeLessThan(1000)
    expect(ends).toEqual([{ reason: 'Your right to this has ended.', error: undefined }])
  })

  test('nothing of this broke the page’s policy or threw where nobody hears', () => {
    expect(home.complaints.filter((it) => !/status of 4\d\d/.test(it))).toEqual([])
  })
})

type Functions = {
  [N in keyof Driver]: Driver[N] extends (...args: never[]) => unknown ? N : never
}[keyof Driver]
