import AxeBuilder from '@axe-core/playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { see } from '../../support/see.ts'
import { act } from '../../support/stories.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage?.close())

const place = { cluster: 'prod', profile: 'operator' }
const pod = { ...place, group: '', version: 'v1', resource: 'pods', namespace: 'shop', name: 'web' }
const ports = [{ containerPort: 8080, name: 'http' }, { containerPort: 9090 }]
const object = { spec: { containers: [{ name: 'main', image: 'web:1', ports }] } }
const rule = { verbs: ['*'], groups: ['*'], resources: ['*'], names: [] }
const rights = (allowed: boolean) => ({
  'rights.rules': { rules: allowed ? [rule] : [], capabilities: [], incomplete: false },
  'objects.get': { object },
})
const axe = async () => {
  const { violations } = await new AxeBuilder({ page: stage.page })
    .setLegacyMode(true)
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    // This page is no document of its own.
    .disableRules(['html-has-lang', 'document-title'])
    .analyze()
  return violations.flatMap(({ id, nodes }) => nodes.map((it) => `${id}: ${it.html}`))
}

test.each(['Forward a port', 'Delete', 'Debug'])('axe finds nothing in “%s”', async (action) => {
  await stage.show({ show: 'actions', targets: [pod] }, rights(true))
  await act(stage.page, stage.page.locator('main'), action)
  await see(stage.page.getByText('Cluster prod, profile operator')).toBeVisible()
  expect(await axe()).toEqual([])
})

test('axe finds nothing in what is refused, and in what is opened from files', async () => {
  const { page } = stage
  await stage.show({ show: 'object', target: pod, object, kind: 'Pod' }, rights(false))
  await see(page.getByRole('button', { name: 'Shell' })).toHaveAttribute('aria-disabled', 'true')
  expect(await axe()).toEqual([])
  const photo = { name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('x') }
  await stage.show({ show: 'apply', place, text: 'kind: One' })
  await page.locator('input[type=file]').setInputFiles(photo)
  await see(page.getByText(/^a.png was not opened/)).toBeVisible()
  expect(await axe()).toEqual([])
  await stage.show({ show: 'import' })
  await page.locator('input[type=file]').setInputFiles({ ...photo, name: 'b.png' })
  await see(page.getByRole('alert')).toBeVisible()
  expect(await axe()).toEqual([])
})
