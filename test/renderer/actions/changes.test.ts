import { afterAll, beforeAll, expect, test } from 'vitest'
import { see } from '../../support/see.ts'
import { act } from '../../support/stories.ts'
import { openStage, refused, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage?.close())

const place = { cluster: 'prod', profile: 'operator' }
const deployments = { group: 'apps', version: 'v1', resource: 'deployments' }
const web = { ...place, ...deployments, namespace: 'shop', name: 'web' }
const node = { ...place, group: '', version: 'v1', resource: 'nodes', name: 'n1' }
const answers = {
  'rights.rules': {
    rules: [{ verbs: ['*'], groups: ['*'], resources: ['*'], names: [] }],
    capabilities: [],
    incomplete: false,
  },
  'rights.check': { answers: Array.from({ length: 10 }, () => ({ allowed: true })) },
  'objects.get': { object: { spec: { replicas: 3 } } },
  'workloads.scale': { message: 'web has 5 replicas', name: 'web', replicas: 5 },
  'nodes.cordon': { message: 'n1 takes no pods' },
}
const dialog = () => stage.page.getByRole('dialog')
const undo = () => stage.page.getByRole('button', { name: 'Undo' })
const begin = (action: string) => act(stage.page, stage.page.locator('main'), action)
const confirm = async (action: string) => {
  await dialog().getByRole('button', { name: action, exact: true }).click()
  await see(dialog()).toBeHidden()
}

test('scaling is taken back to what it was before', async () => {
  await stage.show({ show: 'actions', targets: [web] }, answers)
  await begin('Scale')
  await see(dialog().getByLabel('Replicas')).toHaveValue('3')
  await dialog().getByLabel('Replicas').fill('5')
  await confirm('Scale')
  await undo().click()
  await see(stage.page.getByText('Taken back: Scale web')).toBeVisible()
  expect(await stage.asked('workloads.scale')).toEqual([
    { ...web, replicas: 5 },
    { ...web, replicas: 3 },
  ])
})

test('a node that was cordoned is uncordoned again; if that is refused, it is said', async () => {
  await stage.show({ show: 'actions', targets: [node] }, answers)
  await begin('Cordon')
  await confirm('Cordon')
  await stage.answer({ 'nodes.cordon': refused('not yours any more') })
  // What was offered for the change before may still be fading.
  await see(undo()).toHaveCount(1)
  await undo().click()
  await see(stage.page.getByText('Not taken back: Cordon n1')).toBeVisible()
  await see(stage.page.getByText('not yours any more')).toBeVisible()
  const asked = await stage.asked('nodes.cordon')
  expect(asked).toMatchObject([{ cordoned: true }, { cordoned: false }])
})

test('what cannot be taken back offers nothing of the kind', async () => {
  await stage.show(
    { show: 'actions', targets: [web] },
    { ...answers, 'workloads.restart': { message: 'web is restarted', timestamp: 'now' } },
  )
  await begin('Restart')
  await confirm('Restart')
  await see(stage.page.getByText('web is restarted')).toBeVisible()
  await see(undo()).toHaveCount(0)
})

test('rolling back and debugging name the place they act on', async () => {
  const shown = dialog().getByText('Cluster prod, profile operator')
  await stage.show({ show: 'actions', targets: [web] }, answers)
  await begin('Roll back')
  await see(shown).toBeVisible()
  const pod = { ...web, group: '', resource: 'pods' }
  await stage.show({ show: 'actions', targets: [pod] }, answers)
  await begin('Debug')
  await see(shown).toBeVisible()
})

test('a list of several places lets one choose where to apply; that of one is clear', async () => {
  const kind = { group: '', version: 'v1', resource: 'configmaps' }
  const there = { cluster: 'test', profile: 'admin' }
  const list = { screen: 'list', kind, namespaces: ['shop', 'desk'] } as const
  const apply = stage.page.getByRole('button', { name: 'Apply YAML' })
  await stage.show({ show: 'toolbar', route: { ...list, places: [place, there] } }, answers)
  await apply.click()
  await see(stage.page.getByRole('menuitem')).toHaveText(['prod@operator', 'test@admin'])
  await stage.page.getByRole('menuitem', { name: 'test@admin' }).click()
  const opened = stage.page.locator('output')
  const tab = { kind: 'apply', title: 'Apply YAML', place: there }
  await see(opened).toHaveText(JSON.stringify([tab]))

  await stage.show({ show: 'toolbar', route: { ...list, places: [place], namespaces: ['shop'] } })
  await apply.click()
  await see(opened).toContainText(JSON.stringify({ ...tab, place, namespace: 'shop' }))
})
