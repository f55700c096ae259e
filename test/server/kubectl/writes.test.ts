import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { simulatedNode } from '../../support/cluster/kwok.ts'
import { openDesk, type Desk } from '../../support/desk.ts'
import { openWorld, type World } from '../../support/world.ts'

let world: World
let desk: Desk

beforeAll(async () => {
  world = await openWorld()
  desk = await openDesk(world, { preset: 'developer' })
})
afterAll(async () => {
  await desk?.leave()
  await world?.stop()
})

async function manifest(name: string, data: Readonly<Record<string, string>>): Promise<string> {
  const file = join(desk.folder, `${name}.yaml`)
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data }
  await writeFile(file, stringify(object))
  return file
}

const dataOf = async (name: string): Promise<unknown> =>
  JSON.parse(await desk.output(['get', 'configmap', name, '-o', 'jsonpath={.data}']))

describe('kubectl of a developer', () => {
  test('applies an object, shows the difference of another, and applies that too', async () => {
    const file = await manifest('applied', { colour: 'red' })
    const created = await desk.output(['apply', '-f', file])
    await manifest('applied', { colour: 'green' })
    const diff = await desk.kubectl(['diff', '-f', file])
    const configured = await desk.output(['apply', '-f', file])
    expect([created, configured]).toEqual([
      'configmap/applied created\n',
      'configmap/applied configured\n',
    ])
    expect(diff.code).toBe(1)
    expect(diff.stdout).toMatch(/^- {2}colour: red\n\+ {2}colour: green$/m)
    expect((await desk.kubectl(['diff', '-f', file])).code).toBe(0)
  })

  test('applies on the server’s side, and is told who owns what it would change', async () => {
    const file = await manifest('owned', { colour: 'red' })
    const serverSide = ['apply', '--server-side', '-f', file]
    await desk.output([...serverSide, '--field-manager', 'first'])
    await manifest('owned', { colour: 'green' })
    const conflict = await desk.kubectl([...serverSide, '--field-manager', 'second'])
    expect(conflict.code).toBe(1)
    expect(conflict.stderr).toContain('conflict with "first"')
    await desk.output([...serverSide, '--field-manager', 'second', '--force-conflicts'])
    expect(await dataOf('owned')).toEqual({ colour: 'green' })
  })

  test('edits an object in an editor', async () => {
    await desk.output(['apply', '-f', await manifest('edited', { colour: 'red' })])
    const editor = join(desk.folder, 'editor.sh')
    await writeFile(editor, '#!/bin/sh\nexec sed -i "s/colour: red/colour: blue/" "$1"\n', {
      mode: 0o700,
    })
    const edited = await desk.output(['edit', 'configmap', 'edited'], {
      env: { KUBE_EDITOR: editor },
    })
    expect(edited).toBe('configmap/edited edited\n')
    expect(await dataOf('edited')).toEqual({ colour: 'blue' })
  })

  test('patches in the three ways', async () => {
    await desk.output(['apply', '-f', await manifest('patched', { a: '0', gone: '0' })])
    const patch = (type: string, body: unknown) =>
      desk.output(['patch', 'configmap', 'patched', '--type', type, '-p', JSON.stringify(body)])
    await patch('merge', { data: { a: '1', gone: null } })
    await patch('json', [{ op: 'add', path: '/data/b', value: '2' }])
    await patch('strategic', { data: { c: '3' } })
    expect(await dataOf('patched')).toEqual({ a: '1', b: '2', c: '3' })
  })

  test('sees changes as they come, until it has had enough', async () => {
    await desk.output(['apply', '-f', await manifest('watched', { colour: 'red' })])
    const line = 'jsonpath={.type} {.object.data.colour}{"\\n"}'
    const watch = desk.start(['get', 'cm', 'watched', '-w', '--output-watch-events', '-o', line])
    await watch.transcript.shows(/^ADDED red$/m)
    await desk.output(['apply', '-f', await manifest('watched', { colour: 'green' })])
    await watch.transcript.shows(/^MODIFIED green$/m)
    await desk.output(['delete', 'configmap', 'watched'])
    await watch.transcript.shows(/^DELETED green$/m)
    await watch.stop()
  })

  test('waits for an object’s end', async () => {
    await desk.output(['apply', '-f', await manifest('awaited', {})])
    const waiting = desk.start([
      'wait',
      'configmap/awaited',
      '--for=delete',
      '--timeout=20s',
      '-v=6',
    ])
    await waiting.transcript.shows(/watch=true/)
    await desk.output(['delete', 'configmap', 'awaited'])
    expect(await waiting.ended).toBe(0)
    expect((await desk.kubectl(['get', 'configmap', 'awaited'])).stderr).toContain('NotFound')
  })

  test('follows a rollout, scales it and waits for it', async () => {
    const file = join(desk.folder, 'rolled.yaml')
    const labels = { app: 'rolled' }
    const spec = { nodeSelector: simulatedNode, containers: [{ name: 'main', image: 'x:1' }] }
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'rolled' },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec },
      },
    }
    await writeFile(file, stringify(deployment))
    await desk.output(['apply', '-f', file])
    const rolled = await desk.output(['rollout', 'status', 'deployment/rolled', '--timeout=20s'])
    expect(rolled).toContain('successfully rolled out')
    await desk.output(['scale', 'deployment/rolled', '--replicas=3'])
    const ready = '--for=jsonpath={.status.readyReplicas}=3'
    await desk.output(['wait', 'deployment/rolled', ready, '--timeout=20s'])
    await desk.output(['delete', 'deployment', 'rolled'])
  })

  test('gets no token of an account, which an admin does', async () => {
    const refused = await desk.kubectl(['create', 'token', 'default'])
    const admin = await openDesk(world, { preset: 'admin', namespace: desk.namespace })
    const token = await admin.output(['create', 'token', 'default'])
    await admin.leave()
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain('capability "service-account-token"')
    expect(token.split('.')).toHaveLength(3)
  })

  test('changes nothing in another namespace', async () => {
    const file = await manifest('elsewhere', {})
    const refused = await desk.kubectl(['-n', 'default', 'create', '-f', file])
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain(`allowed namespaces: ${desk.namespace}`)
  })
})
