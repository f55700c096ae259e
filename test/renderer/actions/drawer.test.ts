import { afterAll, beforeAll, expect, test } from 'vitest'
import { see } from '../../support/see.ts'
import { openStage, refused, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage?.close())

const place = { cluster: 'prod', profile: 'operator' }
const pod = { ...place, group: '', version: 'v1', resource: 'pods', namespace: 'shop', name: 'web' }
const secret = { ...pod, resource: 'secrets', name: 'door' }
const status = { restartCount: 1, lastState: { terminated: { exitCode: 1 } } }
const object = {
  spec: { containers: [{ name: 'main', image: 'web:1' }] },
  status: { containerStatuses: [{ name: 'main', ...status }] },
}
const rules = (resources: string[], incomplete = false) => ({
  rules: [{ verbs: ['get', 'create'], groups: [''], resources, names: [] }],
  capabilities: [],
  incomplete,
})
const button = (name: string) => stage.page.getByRole('button', { name, exact: true })
const help = 'Choose another profile, or ask an administrator for a grant.'

test('a button of a container that may not be pressed says which right is missing, and how to get it', async () => {
  const scene = { show: 'object', target: pod, object, kind: 'Pod' } as const
  await stage.show(scene, { 'rights.rules': rules(['pods/log']) })
  await see(button('Shell')).toHaveAttribute('aria-disabled', 'true')
  const reason = `You may not create pods/exec in shop\n${help}`
  await see(button('Shell')).toHaveAttribute('title', reason)
  await see(button('Shell')).toHaveAccessibleDescription(reason.replace('\n', ' '))
  await see(button('Logs')).not.toHaveAttribute('aria-disabled')

  await stage.show(scene, { 'rights.rules': rules(['pods/exec']) })
  for (const name of ['Logs', 'Previous'])
    await see(button(name)).toHaveAttribute('title', `You may not get pods/log in shop\n${help}`)
  await see(button('Shell')).not.toHaveAttribute('aria-disabled')
})

test('a value is revealed only to whom it would be given: a wildcard alone does not tell', async () => {
  const scene = {
    show: 'object',
    target: secret,
    object: { data: { code: '' } },
    kind: 'Secret',
  } as const
  const why = 'not in the scope of your grants'
  await stage.show(scene, {
    'rights.rules': rules(['*'], true),
    'rights.check': { answers: [{ allowed: false, reason: why }] },
    'secrets.reveal': { value: 'sesame', encoding: 'text', bytes: 6 },
  })
  const title = `You may not get secrets in shop\n${why}\n${help}`
  await see(button('Reveal')).toHaveAttribute('title', title)
  await button('Reveal').click({ force: true })
  expect(await stage.asked('secrets.reveal')).toEqual([])

  await stage.answer({ 'rights.rules': rules(['*']) })
  await stage.show(scene, {
    'rights.rules': rules(['*']),
    'secrets.reveal': { value: 'sesame', encoding: 'text', bytes: 6 },
  })
  await button('Reveal').click()
  await see(stage.page.getByText('sesame')).toBeVisible()
})

test('what was allowed before a refusal is allowed no longer', async () => {
  const scene = {
    show: 'object',
    target: secret,
    object: { data: { code: '' } },
    kind: 'Secret',
  } as const
  await stage.show(scene, { 'rights.rules': rules(['secrets']), 'secrets.reveal': refused('no') })
  await see(button('Reveal')).not.toHaveAttribute('aria-disabled')
  await stage.answer({ 'rights.rules': refused('no'), 'rights.check': refused('your grant ended') })
  await button('Reveal').click()
  const title = `You may not get secrets in shop\nyour grant ended\n${help}`
  await see(button('Reveal')).toHaveAttribute('title', title)
})

test('lists that end before all was told say so', async () => {
  const relations = Array.from({ length: 70 }, (_, at) => ({
    group: '',
    version: 'v1',
    resource: 'configmaps',
    namespace: 'shop',
    kind: 'ConfigMap',
    name: `map-${String(at)}`,
    relation: 'uses',
  }))
  const described = { tone: 'ok', status: '', reasons: [], relations, unseen: [] }
  const event = { type: 'Normal', reason: 'Pulled', message: 'pulled', count: 1 }
  const events = [{ ...event, object: 'Pod/web', source: 'kubelet' }]
  const scene = { show: 'object', target: pod, object, kind: 'Pod' } as const
  await stage.show(scene, {
    'objects.describe': { ...described, truncated: true },
    'objects.events': { events, forbidden: false, truncated: true },
  })
  const { page } = stage
  await see(page.getByText('The first 70; there may be more.')).toBeVisible()
  await see(page.getByText('The newest 1; there are more.')).toBeVisible()
  await see(page.getByRole('link', { name: /^map-/ })).toHaveCount(60)
  await button('Show 10 more').click()
  await see(page.getByRole('link', { name: /^map-/ })).toHaveCount(70)

  await stage.show(scene, {
    'objects.describe': described,
    'objects.events': { events, forbidden: false },
  })
  await see(page.getByText('Pulled')).toBeVisible()
  await see(page.getByText(/there (may be|are) more/)).toHaveCount(0)
})

test('rights are asked again while something is open, once a minute', async () => {
  await stage.page.clock.install()
  const scene = { show: 'object', target: pod, object, kind: 'Pod' } as const
  await stage.show(scene, { 'rights.rules': rules(['pods/log']) })
  await see(button('Shell')).toHaveAttribute('aria-disabled', 'true')
  expect(await stage.asked('rights.rules')).toHaveLength(1)
  await stage.answer({ 'rights.rules': rules(['pods/exec']) })
  await stage.page.clock.runFor(61_000)
  await see(button('Shell')).not.toHaveAttribute('aria-disabled')
  expect(await stage.asked('rights.rules')).toHaveLength(2)
})
