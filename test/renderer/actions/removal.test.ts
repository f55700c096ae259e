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
const storage = { group: 'storage.k8s.io', version: 'v1', resource: 'storageclasses' }
const sets = { group: 'apps', version: 'v1', resource: 'statefulsets', namespace: 'shop' }
const maps = { group: '', version: 'v1', resource: 'configmaps', namespace: 'shop' }
const everything = {
  rules: [{ verbs: ['*'], groups: ['*'], resources: ['*'], names: [] }],
  capabilities: [],
  incomplete: false,
}
const answers = {
  'rights.rules': everything,
  'rights.check': { answers: Array.from({ length: 10 }, () => ({ allowed: true })) },
  'objects.remove': { status: 'deleted', message: 'it was deleted' },
}

const dialog = () => stage.page.getByRole('dialog')
const remove = () => dialog().getByRole('button', { name: 'Delete', exact: true })
const way = () => dialog().getByRole('combobox', { name: 'What belongs to it' })
const begin = async () => {
  await act(stage.page, stage.page.locator('main'), 'Delete')
  await see(dialog()).toBeVisible()
}

test('what much depends on is deleted only once its name was typed, and only that is sent', async () => {
  const target = { ...place, ...storage, name: 'fast' }
  await stage.show({ show: 'actions', targets: [target] }, answers)
  await begin()
  await see(remove()).toBeDisabled()
  await dialog().getByLabel('Type “fast” to confirm').fill('fas')
  await see(remove()).toBeDisabled()
  await dialog().getByLabel('Type “fast” to confirm').fill('fast')
  await remove().click()
  await see(dialog()).toBeHidden()
  expect(await stage.asked('objects.remove')).toEqual([{ ...target, confirm: 'fast' }])
})

test('what nothing much depends on is deleted as it was looked at, in the way that is usual', async () => {
  const target = { ...place, ...maps, name: 'settings' }
  await stage.show({ show: 'actions', targets: [target], uids: ['u-1'] }, answers)
  await begin()
  await see(way()).toHaveValue('Delete after it (background)')
  await remove().click()
  await see(dialog()).toBeHidden()
  expect(await stage.asked('objects.remove')).toEqual([{ ...target, uid: 'u-1' }])
})

test('a way is proposed by kind, and sent when somebody chooses one', async () => {
  const target = { ...place, ...sets, name: 'db' }
  await stage.show({ show: 'actions', targets: [target] }, answers)
  await begin()
  await see(way()).toHaveValue('Delete before it (foreground)')
  await way().click()
  await stage.page.getByRole('option', { name: 'Keep (orphan)' }).click()
  await remove().click()
  await see(dialog()).toBeHidden()
  expect(await stage.asked('objects.remove')).toEqual([{ ...target, propagation: 'orphan' }])
})

test('the dialog names cluster and profile, and each of several', async () => {
  const one = { ...place, ...maps, name: 'settings' }
  await stage.show({ show: 'actions', targets: [one] }, answers)
  await begin()
  const where = dialog().getByRole('list', { name: 'Where it is done' })
  await see(where.getByRole('listitem')).toHaveText(['Cluster prod, profile operator'])

  const two = { ...one, profile: 'admin' }
  await stage.show({ show: 'actions', targets: [one, two] }, answers)
  await begin()
  await see(where.getByRole('listitem')).toHaveText([
    'Cluster prod, profile operator',
    'Cluster prod, profile admin',
  ])
  const things = dialog().getByRole('list', { name: 'Objects' }).getByRole('listitem')
  await see(things).toHaveText(['prod@operator / shop / settings', 'prod@admin / shop / settings'])
})

test('only what failed is tried again, and a refusal asks anew what is allowed', async () => {
  const target = { ...place, ...maps, name: 'settings' }
  await stage.show(
    { show: 'actions', targets: [target] },
    { ...answers, 'objects.remove': refused('no longer yours') },
  )
  await begin()
  const before = (await stage.asked('rights.rules')).length
  await remove().click()
  await see(dialog().getByText('no longer yours')).toBeVisible()
  await expect.poll(async () => (await stage.asked('rights.rules')).length).toBe(before + 1)
  await stage.answer({ 'objects.remove': answers['objects.remove'] })
  await dialog().getByRole('button', { name: 'Try again' }).click()
  await see(dialog()).toBeHidden()
  expect(await stage.asked('objects.remove')).toHaveLength(2)
})
