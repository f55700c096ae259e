import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { homes, openHome, type Home, type HomeKind } from '../support/homes.ts'
import { createPod, realPod } from '../support/pods.ts'
import {
  lastWords,
  openStoryWorld,
  readDeployment,
  rolledOut,
  setStage,
} from '../support/story-world.ts'
import type { Stage, StoryWorld } from '../support/story-world.ts'
import {
  act,
  choose,
  chooseGateway,
  closeDock,
  dock,
  drawer,
  enterPassword,
  goTo,
  isFocused,
  row,
  signedIn,
  TerminalScreen,
  told,
} from '../support/stories.ts'
import type { TestPerson } from '../support/world.ts'
import { see } from '../support/see.ts'

const whyNot = 'Why it is not as it should be'
const waitsToRestart =
  'jsonpath={.status.containerStatuses[0].state.waiting.reason}=CrashLoopBackOff'
/** The container may run for a moment again while somebody reads. */
const failing = /keeps crashing|has failed|was restarted/
let world: StoryWorld

const stages = new Map<HomeKind, Stage>()

// What crashes must have crashed a few times before anybody looks.
beforeAll(async () => {
  world = await openStoryWorld()
  await Promise.all(
    homes.map(async (kind) => stages.set(kind, await setStage(world.cluster, kind))),
  )
})
afterAll(async () => {
  await Promise.all([...stages.values()].map((it) => it.clear()))
  await world?.stop()
})

describe.each(homes)('in the %s', (kind) => {
  let home: Home
  let stage: Stage
  let person: TestPerson

  beforeAll(async () => {
    const own = stages.get(kind)
    if (!own) throw new Error('There is no stage')
    stage = own
    person = await world.person(['admin'])
    await world.grantFar(person.id)
    home = await openHome(kind, world.address)
  })
  afterAll(async () => {
    await home?.close()
  })
  afterEach(() => {
    world.wire.restore()
    world.farWire.restore()
    expect(home.complaints).toEqual([])
  })

  const place = () => `#/c/${world.id}@admin`
  const deployments = () => `${place()}/apps/v1/deployments?ns=${stage.namespace}`
  /** While it runs for a moment again, the kubelet has thrown away what was before: then once more. */
  const readLastWords = async (open: () => Promise<void>) => {
    await open()
    const lines = dock(home.page).getByRole('region', { name: 'Lines of the log' })
    await see(lines).toContainText(/going down|unable to retrieve/)
    if ((await lines.innerText()).includes(lastWords)) return
    await closeDock(home.page)
    await world.cluster.waitForPod(stage.namespace, stage.crasher, waitsToRestart)
    await readLastWords(open)
  }
  const pods = () => `${place()}/core/v1/pods?ns=${stage.namespace}`

  // S1-F64
  test('a person signs in, and a wrong password is refused without a hint what was wrong', async () => {
    const { page } = home
    if (kind === 'desktop') await chooseGateway(page, world.address, world.fingerprint)
    const refusals: string[] = []
    for (const wrong of [
      { name: person.name, password: 'not this one' },
      { name: 'nobody-of-this-name', password: person.password },
    ]) {
      await enterPassword(page, wrong)
      const alert = page.getByRole('alert')
      await alert.waitFor()
      refusals.push(await alert.innerText())
    }
    expect(refusals[0]).toBe(refusals[1])
    expect(refusals[0]).not.toMatch(/unknown|no such|person-/)
    await enterPassword(page, person)
    await signedIn(page, person)
  })

  // S5-F48
  test('a terminal in a container of the real node follows the size of its pane and tells the exit code', async () => {
    const { page } = home
    await goTo(page, `${pods()}&open=${stage.namespace}/${stage.shell}`)
    await act(page, drawer(page, stage.shell), 'Shell')
    const terminal = new TerminalScreen(page)
    await terminal.begin()
    await terminal.run('hostname')
    await terminal.shows(new RegExp(`^${stage.shell}$`, 'm'))
    const rows = (await terminal.lines()).length
    await terminal.run('stty size')
    await terminal.shows(new RegExp(`^${rows} \\d+$`, 'm'))
    await dock(page).getByRole('button', { name: 'Maximise the dock' }).click()
    await see.poll(async () => (await terminal.lines()).length).toBeGreaterThan(rows + 10)
    // The kubelet takes a new size by another way than what is typed, and may come to it later.
    await see(async () => {
      await terminal.run('stty size')
      const after = new RegExp(`^${(await terminal.lines()).length} \\d+$`, 'm')
      await terminal.shows(after, 2000)
    }).toPass({ timeout: 20_000 })
    await dock(page).getByRole('button', { name: 'Restore the dock' }).click()
    await terminal.run('exit 3')
    await see(terminal.notice('The program ended with code 3.')).toBeVisible()
    await closeDock(page)
  })

  // S1-F65
  test('two people who edit one object lose neither change, and nothing is written unreviewed', async () => {
    const { page } = home
    const { api } = world.cluster
    const { namespace, deployment } = stage
    home.expectComplaint(/status of 409 .*object\/replace/)
    const read = () => readDeployment(api, namespace, deployment)
    const somebody = (change: object) =>
      api.want(`/apis/apps/v1/namespaces/${namespace}/deployments/${deployment}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/merge-patch+json' },
        body: change,
      })
    await goTo(page, `${deployments()}&open=${namespace}/${deployment}`)
    await act(page, drawer(page, deployment), 'Edit')
    const pane = dock(page).getByRole('tabpanel')
    const button = (name: string) => pane.getByRole('button', { name, exact: true })
    const plain = pane.getByRole('textbox', { name: 'Manifest' })

    // Different places: both changes are taken.
    await button('Plain text, for screen readers').click()
    await plain.fill((await plain.inputValue()).replace('replicas: 2', 'replicas: 3'))
    await button('Review').click()
    await see(pane.getByText('After saving, as the cluster says')).toBeVisible()
    expect((await read()).spec.replicas).toBe(2)
    await somebody({ metadata: { labels: { team: 'theirs' } } })
    await button('Save').click()
    await see(pane.getByText('Both changes are in the text now')).toBeVisible()
    expect(await plain.inputValue()).toMatch(/team: theirs[^]*replicas: 3/)
    expect((await read()).spec.replicas).toBe(2)
    await button('Review').click()
    await button('Save').click()
    await see(pane.getByText('Saved.')).toBeVisible()
    const both = await read()
    expect([both.spec.replicas, both.metadata.labels?.['team']]).toEqual([3, 'theirs'])

    // The same place: somebody must decide.
    await rolledOut(api, namespace, deployment)
    await button('Read again, without my changes').click()
    await see(plain).toHaveValue(/readyReplicas: 3/)
    await plain.fill((await plain.inputValue()).replace('team: theirs', 'team: mine'))
    await button('Review').click()
    await see(button('Save')).toBeVisible()
    await somebody({ metadata: { labels: { team: 'others' } } })
    await button('Save').click()
    await see(pane.getByText('One conflict is marked in the text')).toBeVisible()
    await button('Plain text, for screen readers').click()
    await button('Keep mine').click()
    await button('Review').click()
    await button('Save').click()
    await see(pane.getByText('Saved.')).toBeVisible()
    expect((await read()).metadata.labels?.['team']).toBe('mine')
    await closeDock(page)
  })

  test('a deployment is scaled and restarted, and the list follows', async () => {
    const { page } = home
    const { namespace, deployment } = stage
    const read = () => readDeployment(world.cluster.api, namespace, deployment)
    await goTo(page, `${deployments()}&open=${namespace}/${deployment}`)
    const opened = drawer(page, deployment)
    await act(page, opened, 'Scale')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Replicas').fill('4')
    await dialog.getByRole('button', { name: 'Scale', exact: true }).click()
    await see(dialog).toBeHidden()
    await see(row(page, deployment)).toContainText('4/4')
    expect((await read()).spec.replicas).toBe(4)
    await act(page, opened, 'Restart')
    await dialog.getByRole('button', { name: 'Restart', exact: true }).click()
    await see(dialog).toBeHidden()
    const { annotations = {} } = (await read()).spec.template.metadata
    expect(Object.keys(annotations)).toEqual(['kubectl.kubernetes.io/restartedAt'])
    await rolledOut(world.cluster.api, namespace, deployment)
  })

  test('a node is cordoned and drained; a budget that holds a pod is named, and waited for', async () => {
    const { page } = home
    const { namespace, guarded, node } = stage
    await goTo(page, `${place()}/core/v1/nodes?open=_/${node}`)
    const opened = drawer(page, node)
    await act(page, opened, 'Cordon')
    await page.getByRole('dialog').getByRole('button', { name: 'Cordon', exact: true }).click()
    await see(row(page, node)).toContainText('SchedulingDisabled')
    await act(page, opened, 'Drain')
    const pane = dock(page).getByRole('tabpanel')
    await pane.getByRole('button', { name: 'Cordon and drain' }).click()
    const held = pane.getByRole('row', { name: 'held by a budget' })
    await see(held).toContainText(guarded)
    await see(held).toContainText(`The disruption budget ${guarded}`)
    await see(pane.getByText(/^4 of 5 done$/)).toBeVisible()
    await world.cluster.api.want(
      `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets/${guarded}`,
      { method: 'DELETE' },
    )
    await see(pane.getByText('The node is drained.')).toBeVisible({ timeout: 30_000 })
    await closeDock(page)
  })

  // S1-F65
  test('a failing pod is found by the palette, says why it fails, and has its last words read', async () => {
    const { page } = home
    await world.cluster.waitForPod(stage.namespace, stage.crasher, waitsToRestart)
    await choose(page, stage.crasher, new RegExp(stage.crasher))
    const opened = drawer(page, stage.crasher)
    const reasons = opened.getByRole('list', { name: whyNot })
    await see(reasons).toContainText(failing)
    await see(reasons).toContainText('exit code 7')
    await readLastWords(() => act(page, opened, 'Previous logs'))
    await closeDock(page)
  })

  test('the same is done by keyboard alone', async () => {
    const { page } = home
    await goTo(page, place())
    await world.cluster.waitForPod(stage.namespace, stage.crasher, waitsToRestart)
    await choose(page, stage.crasher, new RegExp(stage.crasher))
    const reasons = drawer(page, stage.crasher).getByRole('list', { name: whyNot })
    await see(reasons).toContainText(failing)
    await see(row(page, stage.crasher)).toBeVisible()
    await readLastWords(() => page.keyboard.press('p'))
    const tab = dock(page).getByRole('tab', { name: stage.crasher })
    await page.keyboard.press('Control+F6')
    for (let count = 0; count < 20 && !(await isFocused(tab)); count += 1)
      await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Delete')
    await see(dock(page)).toBeHidden()
  })

  const forwards = {
    desktop: ['a port of a pod is reached at a port of this machine', forwardsPort],
    web: ['forwards belong to the app, to which a browser is led', leadsToApp],
  } as const
  const [title, story] = forwards[kind]
  test(title, story)

  async function leadsToApp() {
    const { page } = home
    await goTo(page, '#/forwards')
    // The rail leads here by the same name; the screen leads on.
    const link = page.getByRole('main').getByRole('link', { name: 'Get the desktop app' })
    await see(link).toHaveAttribute('href', '/download')
  }

  async function forwardsPort() {
    const { page } = home
    await goTo(page, `${pods()}&open=${stage.namespace}/${stage.shell}`)
    await act(page, drawer(page, stage.shell), 'Forward a port')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Port of the pod').fill('8080')
    await dialog.getByRole('button', { name: 'Forward a port' }).click()
    const [, port] = await told(page.getByRole('alert'), /127\.0\.0\.1:(\d+) leads to port 8080/)
    const answer = await fetch(`http://127.0.0.1:${port}/index.html`)
    expect(await answer.text()).toBe('hello from the pod\n')
    await goTo(page, '#/forwards')
    await page.getByRole('button', { name: 'Stop' }).click()
    await see(page.getByText('No port is forwarded')).toBeVisible()
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow()
  }

  // S1-F67, S5-F48
  test('every view says within ten seconds that the network is lost, and all recover by themselves', async () => {
    const { page } = home
    // What the browser says of requests that were under way.
    home.expectComplaint(/net::ERR_|WebSocket connection/)
    const { shell, namespace } = stage
    await closeDock(page)
    await goTo(page, `${pods()}&open=${namespace}/${shell}`)
    const opened = drawer(page, shell)
    await act(page, opened, 'Logs')
    const tabs = dock(page).getByRole('tab')
    const logs = dock(page).getByRole('tabpanel')
    await see(logs.getByText('No lines yet.')).toBeVisible()
    await act(page, opened, 'Shell')
    const terminal = new TerminalScreen(page)
    await terminal.begin()
    const mark = page.getByRole('banner').getByRole('status')
    await see(mark).toHaveText('Live')

    const soon = lateAfter(10_000)
    world.wire.lose()
    const freshness = page.getByRole('status', { name: 'How fresh the list is' })
    await see(mark).toContainText(/Offline|does not answer|has fallen silent/, soon())
    await see(freshness).toContainText(/last seen \d+s ago, reconnecting/, soon())
    await see(opened.getByText('Cannot be read now')).toBeVisible(soon())
    await see(terminal.notice('The connection was lost.')).toBeVisible(soon())
    await tabs.first().click()
    await see(logs.getByText('The connection was lost.')).toBeVisible(soon())
    await see(freshness).toContainText(/last seen 2\ds ago/, { timeout: 30_000 })

    world.wire.restore()
    const later = lateAfter(20_000)
    await see(mark).toHaveText('Live', later())
    await see(freshness).toBeHidden(later())
    await see(opened.getByText('Cannot be read now')).toBeHidden(later())
    await see(logs.getByText('The connection was lost.')).toBeHidden(later())
    await tabs.last().click()
    await see(terminal.notice('The connection was lost.')).toBeHidden(later())
    await terminal.shows(/connected again[^]*# $/)
    await terminal.run('echo back')
    await terminal.shows(/^back$/m)
    await createPod(world.cluster, namespace, realPod(`late-${shell}`, { script: 'exit 0' }))
    await see(row(page, `late-${shell}`)).toBeVisible()
    await closeDock(page)
  }, 90_000)

  // S1-F67
  test('a cluster that is lost behind the gateway leaves its list marked as old until it is back', async () => {
    const { page } = home
    home.expectComplaint(/status of 50[34] .*clusters\/far/)
    await goTo(page, `#/c/far@admin/core/v1/pods?ns=${stage.namespace}`)
    await see(row(page, stage.shell)).toBeVisible()
    const soon = lateAfter(10_000)
    world.farWire.lose()
    const freshness = page.getByRole('status', { name: 'How fresh the list is' })
    await see(freshness).toContainText(/far@admin .*last seen \d+s ago, reconnecting/, soon())
    await see(page.getByRole('banner').getByRole('status')).toHaveText('Live')
    await see(row(page, stage.shell)).toBeVisible()
    world.farWire.restore()
    await see(freshness).toBeHidden({ timeout: 30_000 })
  }, 60_000)

  // S1-F67
  test('a right that is taken back ends the terminal within a second, and a session that is ended leads to the door', async () => {
    const { page } = home
    const { namespace, shell } = stage
    home.expectComplaint(/status of 403/)
    const admin = await world.gateway.admin()
    await page.getByRole('button', { name: `Account of ${person.name}` }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    const other = await world.person(['operator'], { namespaces: [namespace] })
    await enterPassword(page, other)
    await signedIn(page, other)
    await goTo(
      page,
      `#/c/${world.id}@operator/core/v1/pods?ns=${namespace}&open=${namespace}/${shell}`,
    )
    await act(page, drawer(page, shell), 'Shell')
    const terminal = new TerminalScreen(page)
    await terminal.begin()
    await terminal.run('while true; do echo tick; sleep 0.1; done')
    await terminal.shows(/tick\ntick/)

    const began = performance.now()
    for (const id of other.grantIds) await admin.grants.remove({ id })
    await see(terminal.notice('Closed: Your right to this has ended.')).toBeVisible()
    expect(performance.now() - began).toBeLessThan(1000)
    await see(page.getByText('You may not list pods')).toBeVisible()
    await see(page.getByText('You hold no grant on the profile')).toBeVisible()
    await see(row(page, shell)).toBeHidden()

    const sessions = await admin.sessions.list({ everyone: 'true' })
    const own = sessions.filter((it) => it.personId === other.id)
    for (const { id } of own) await admin.sessions.revoke({ id })
    await see(page.getByRole('heading', { name: 'Sign in' })).toBeVisible({ timeout: 30_000 })
    await see(page.getByText(/session/)).toBeVisible()
  })
})

/** The console of this machine’s own listener has a cookie and an address of its own. */
test('the listener that only this machine reaches shows the same console', async () => {
  const person = await world.person(['viewer'])
  const home = await openHome('web', world.nearAddress)
  try {
    await enterPassword(home.page, person)
    await signedIn(home.page, person)
    const where = home.page.getByRole('navigation', { name: 'Where you are' })
    await see(where).toContainText('The test cluster')
    expect(home.complaints).toEqual([])
  } finally {
    await home.close()
  }
})

/** How long is left until then, for each step of a whole that must be done by then. */
function lateAfter(milliseconds: number): () => { timeout: number } {
  const end = performance.now() + milliseconds
  return () => ({ timeout: Math.max(1, end - performance.now()) })
}
