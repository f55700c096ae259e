import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchDesktop, type Desktop } from '../../support/electron/desktop.ts'
import { createPod, realPod } from '../../support/pods.ts'
import { openWorld, type TestPerson, type World } from '../../support/world.ts'

// The same parts as in the other files of this folder, now in Electron's own processes: what its Node, its
// utility process and its ports make of them.
let world: World
let namespace = ''
let person: TestPerson
let desktop: Desktop
let folder: string

beforeAll(async () => {
  world = await openWorld()
  namespace = (await world.cluster.namespace('electron')).name
  person = await world.person(['operator'], { namespaces: [namespace] })
  const script = 'cd /tmp; echo hello > index.html; exec httpd -f -p 8080 -h /tmp'
  await createPod(world.cluster, namespace, realPod('web', { script, readyPort: 8080 }))
  await world.cluster.waitForPod(namespace, 'web')
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-electron-'))
  const path = `${dirname(world.cluster.handle.parts.kubectl)}:${process.env['PATH']}`
  desktop = await launchDesktop({ userData: folder, env: { SHELL: '/bin/sh', PATH: path } })
  // Native questions are answered here; the first is whether a shell may be opened.
  await desktop.app.evaluate(({ dialog }) => {
    dialog.showMessageBox = async () => ({ response: 1, checkboxChecked: false })
  })
  await signIn()
})
afterAll(async () => {
  await desktop?.close()
  await world?.cluster.api.call(`/api/v1/namespaces/${namespace}`, { method: 'DELETE' })
  await world?.stop()
  await rm(folder, { recursive: true, force: true })
})

interface Wire {
  desktop(name: string, input: unknown): Promise<{ ok: boolean; value: unknown; error: unknown }>
  open(stream: string, nonce: string, input: unknown): Promise<{ ok: boolean; error: unknown }>
}

/** Asks main as the window does. */
async function ask(name: string, input: unknown): Promise<unknown> {
  const reply = await desktop.window.evaluate(
    ([called, given]) => {
      const { bridge } = globalThis as unknown as { bridge: Wire }
      return bridge.desktop(called, given)
    },
    [name, input] as const,
  )
  if (!reply.ok) throw new Error(JSON.stringify(reply.error))
  return reply.value
}

async function signIn(): Promise<void> {
  const { address } = world.gateway
  const probed = (await ask('gateways.probe', { address })) as {
    certificate: { fingerprint: string }
  }
  await ask('gateways.trust', { address, fingerprint: probed.certificate.fingerprint })
  const { name, password } = person
  expect(await ask('session.signIn', { name, password })).toMatchObject({ status: 'signed in' })
}

/** Opens a terminal in the page, types, and gives back all that came until its end. */
const inTerminal = (input: object, typed: string) =>
  desktop.window.evaluate(
    async ([given, text]) => {
      const page = globalThis as unknown as {
        bridge: Wire
        addEventListener(type: 'message', hear: (event: PageMessage) => void): void
      }
      interface Port {
        onmessage: (event: { data: string | Uint8Array }) => void
        postMessage(message: string | Uint8Array): void
      }
      interface PageMessage {
        data: { gatehousePort?: string }
        ports: Port[]
      }
      const nonce = `nonce-${Math.random().toString(36).slice(2)}`
      const messages: string[] = []
      let output = ''
      const ended = new Promise<void>((resolve) => {
        page.addEventListener('message', ({ data, ports: [port] }) => {
          if (data.gatehousePort !== nonce || !port) return
          port.onmessage = ({ data: it }) => {
            if (typeof it !== 'string') {
              // The first byte says where it comes from, and is none of what was said.
              output += it[0] === 1 ? new TextDecoder().decode(it.subarray(1)) : '<not stdout>'
              port.postMessage(JSON.stringify({ type: 'ack', count: it.byteLength - 1 }))
              return
            }
            messages.push(it)
            const { type } = JSON.parse(it) as { type: string }
            if (type === 'opened') port.postMessage(new TextEncoder().encode(text))
            if (type === 'closed' || type === 'failed') resolve()
          }
        })
      })
      const reply = await page.bridge.open('localTerminal', nonce, given)
      if (!reply.ok) throw new Error(JSON.stringify(reply.error))
      await ended
      return { messages, output }
    },
    [input, typed] as const,
  )

test('a terminal runs kubectl in the utility process, and its exit code comes back', async () => {
  const input = { cluster: world.id, profile: 'operator', namespace, columns: 90, rows: 20 }
  const { messages, output } = await inTerminal(
    input,
    'stty size; kubectl get pods -o name; kubectl exec web -- sh -c "exit 7"; exit $?\r',
  )
  expect(output).toContain('20 90')
  expect(output).toContain('\r\npod/web\r\n')
  expect(output).not.toContain('<not stdout>')
  expect(messages[0]).toBe('{"type":"opened"}')
  expect(messages.slice(-2)).toEqual([
    '{"type":"exit","code":7}',
    '{"type":"closed","reason":"The shell has ended"}',
  ])
})

test('a forward leads through main into a pod, and ends with the session', async () => {
  const forward = (await ask('forwards.start', {
    cluster: world.id,
    profile: 'operator',
    namespace,
    pod: 'web',
    port: 8080,
  })) as { localPort: number }
  const address = `http://127.0.0.1:${forward.localPort}/`
  expect(await (await fetch(address)).text()).toBe('hello\n')
  await ask('session.signOut', {})
  await expect(fetch(address)).rejects.toThrow()
})
