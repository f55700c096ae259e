import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeAuthority, type Authority } from '../support/cluster/certificates.ts'
import { launchDesktop, type Desktop } from '../support/electron/desktop.ts'
import { listenTls } from '../support/tls-server.ts'

let folder: string
let desktop: Desktop
let authority: Authority

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-key-'))
  authority = await makeAuthority()
  desktop = await launchDesktop({ userData: folder })
})
afterAll(async () => {
  await desktop?.close()
  await rm(folder, { recursive: true, force: true })
})

/** This machine vouches for nothing here; that main says so when it does is shown in trust.test.ts. */
const vouch = () =>
  desktop.app.evaluate(({ ipcMain }) => {
    interface Event {
      _reply?: (value: unknown) => void
    }
    type Handler = (event: Event, ...values: unknown[]) => Promise<unknown>
    const { _invokeHandlers: handlers } = ipcMain as unknown as {
      _invokeHandlers: Map<string, Handler>
    }
    const handler = handlers.get('desktop:gateways.probe')
    if (!handler) throw new Error('nobody answers')
    const vouched = (answer: unknown) => {
      const { value } = Object(answer) as { value?: { status: string; vouched?: boolean } }
      if (value?.status === 'changed') value.vouched = true
      return answer
    }
    handlers.set('desktop:gateways.probe', async (event, ...values) => {
      const { _reply: reply } = event
      if (reply) Object.assign(event, { _reply: (it: unknown) => reply.call(event, vouched(it)) })
      return vouched(await handler(event, ...values))
    })
  })

test('a key that changed is a stop, says who vouches for the new one, and is replaced by a person', async () => {
  const page = desktop.window
  const pair = () => authority.certificateFor(['127.0.0.1'])
  const first = await listenTls(await pair())
  const connect = async () => {
    await page.getByLabel('Address').fill(`https://127.0.0.1:${String(first.port)}`)
    await page.getByRole('button', { name: 'Connect' }).click()
  }
  await connect()
  await page.getByRole('button', { name: 'It is the same: trust it' }).click()
  await page.getByRole('button', { name: 'Use another gateway' }).click()
  await first.close()
  const second = await listenTls(await pair(), first.port)
  try {
    const said = page.getByText('An authority that this machine trusts vouches for the new key')
    const changed = page.getByRole('heading', { name: 'The key of 127.0.0.1 has changed' })
    await connect()
    await changed.waitFor()
    expect(await said.count()).toBe(0)
    await page.getByRole('button', { name: 'Stop here' }).click()
    await vouch()
    // Choosing it among those that are known is no way around.
    await page
      .getByRole('button', { name: `https://127.0.0.1:${String(first.port)}`, exact: true })
      .click()
    await changed.waitFor()
    expect(await said.isVisible()).toBe(true)
    const accept = page.getByRole('button', { name: 'Trust the new key' })
    expect(await accept.isDisabled()).toBe(true)
    await page.getByLabel('Type 127.0.0.1 to trust the new key').fill('127.0.0.1')

    const answerWith = (response: number) =>
      desktop.app.evaluate(({ dialog }, chosen) => {
        dialog.showMessageBox = async () => ({ response: chosen, checkboxChecked: false })
      }, response)
    await answerWith(0)
    await accept.click()
    await page.getByText('The key was not replaced').waitFor()
    expect(second.heard()).toBe('')
    await answerWith(1)
    await accept.click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  } finally {
    await second.close()
  }
})
