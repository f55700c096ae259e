import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { simulatedNode } from '../../support/cluster/kwok.ts'
import { findParts } from '../../support/cluster/parts.ts'
import { openDesk, type Desk } from '../../support/desk.ts'
import { openWorld, runKubectl, type World } from '../../support/world.ts'

let world: World
let desk: Desk
let program = ''
let chart = ''

beforeAll(async () => {
  world = await openWorld()
  program = (await findParts(['helm'])).helm
  desk = await openDesk(world, { preset: 'admin' })
  chart = join(desk.folder, 'chart')
  await writeChart()
})
afterAll(async () => {
  await desk?.leave()
  await world?.stop()
})

/** A small chart with what releases are made of: settings, a Secret, something that must become ready. */
async function writeChart(): Promise<void> {
  await mkdir(join(chart, 'templates'), { recursive: true })
  const metadata = { name: '{{ .Release.Name }}' }
  const labels = { app: '{{ .Release.Name }}' }
  const files: Readonly<Record<string, unknown>> = {
    'Chart.yaml': { apiVersion: 'v2', name: 'small', version: '1.0.0' },
    'values.yaml': { colour: 'red' },
    'templates/settings.yaml': {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { colour: '{{ .Values.colour }}' },
    },
    'templates/secret.yaml': {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata,
      stringData: { password: '{{ .Values.colour }}' },
    },
    'templates/deployment.yaml': {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            nodeSelector: simulatedNode,
            containers: [{ name: 'main', image: 'x:{{ .Values.colour }}' }],
          },
        },
      },
    },
  }
  for (const [name, content] of Object.entries(files))
    await writeFile(join(chart, name), stringify(content))
}

async function helm(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runKubectl(
    program,
    ['--namespace', desk.namespace, ...args],
    { env: desk.env },
  )
  if (code !== 0) throw new Error(`helm ${args.join(' ')} ended with ${code}: ${stderr}`)
  return stdout
}

const colour = () => desk.output(['get', 'configmap', 'demo', '-o', 'jsonpath={.data.colour}'])
const releases = async () =>
  (JSON.parse(await helm('list', '-o', 'json')) as { name: string; revision: string }[]).map(
    ({ name, revision }) => `${name} ${revision}`,
  )

test('helm installs, upgrades, rolls back and uninstalls a release', async () => {
  await helm('install', 'demo', chart, '--wait', '--timeout', '25s')
  expect([await colour(), await releases()]).toEqual(['red', ['demo 1']])
  await helm('upgrade', 'demo', chart, '--set', 'colour=green', '--wait', '--timeout', '25s')
  expect([await colour(), await releases()]).toEqual(['green', ['demo 2']])
  await helm('rollback', 'demo', '1')
  expect([await colour(), await releases()]).toEqual(['red', ['demo 3']])
  await helm('uninstall', 'demo')
  expect(await releases()).toEqual([])
  expect((await desk.kubectl(['get', 'configmap', 'demo'])).stderr).toContain('NotFound')
})

test('helm of a developer cannot read the releases, which are Secrets', async () => {
  const developer = await openDesk(world, { preset: 'developer', namespace: desk.namespace })
  const args = ['--namespace', desk.namespace, 'list']
  const { code, stderr } = await runKubectl(program, args, { env: developer.env })
  await developer.leave()
  expect(code).toBe(1)
  expect(stderr).toContain('needs the capability "secrets"')
})
