import type { KnownGateway } from '../../../preload/contract/gateways.ts'
import type { Camera } from './camera.ts'

const before = '2026-03-14T08:00:00.000Z'
const address = (name: string) => `https://${name}.example.com`
const print = (...groups: readonly string[]) =>
  Array.from({ length: 16 }, (_, at) => groups[at % groups.length]).join(' ')
const known: readonly KnownGateway[] = ['gatehouse', 'gatehouse-eu'].map((name, at) => ({
  id: name,
  address: address(name),
  fingerprint: print('5A1C', '90E7', '3B42'),
  firstSeenAt: before,
  current: at === 0,
}))

const certificate = (name: string, issuer: string) => ({
  host: `${name}.example.com`,
  fingerprint: print('C04F', '7D19', 'A6B8', '12E3', '98F0'),
  subject: `CN=${name}.example.com`,
  issuer,
  validFrom: '2026-11-01T00:00:00.000Z',
  validTo: '2027-01-30T00:00:00.000Z',
})
const changed = (name: string, issuer: string, vouched: boolean) => ({
  status: 'changed',
  id: name,
  certificate: certificate(name, issuer),
  known: print('5A1C', '90E7', '3B42'),
  firstSeenAt: before,
  vouched,
})
const own = 'CN=Gatehouse, O=gatehouse-new.example.com'
const probes = {
  [address('gatehouse-new')]: {
    status: 'new',
    certificate: certificate('gatehouse-new', own),
    warnings: ['It is signed by itself: only its fingerprint tells whose it is'],
  },
  [address('gatehouse')]: changed('gatehouse', own, false),
  [address('gatehouse-eu')]: changed('gatehouse-eu', "CN=R13, O=Let's Encrypt, C=US", true),
}

/** The app's way in. What main would find at other gateways is told by a bridge in preload's place. */
export async function appDoor(camera: Camera, at: string): Promise<void> {
  const { page, picture } = camera
  await page.addInitScript(
    (found) => {
      const answers: Readonly<Record<string, unknown>> = {
        'session.state': { status: 'no gateway' },
        'gateways.list': found.known,
        'forwards.list': [],
      }
      const desktop = (name: string, input: unknown) => {
        const asked = (input as { address?: keyof typeof found.probes } | undefined)?.address ?? ''
        const value = name === 'gateways.probe' ? found.probes[asked] : answers[name]
        return Promise.resolve({ ok: true, value })
      }
      const on = () => () => undefined
      Object.assign(window, { bridge: { gateway: desktop, desktop, on, open: desktop } })
    },
    { known, probes },
  )
  await page.goto(at)
  const back = async (button: string) => {
    await page.getByRole('button', { name: button }).click()
  }
  await picture('app-gateways', () => {
    return Promise.resolve(page.getByRole('button', { name: address('gatehouse-eu') }).first())
  })
  await page.getByLabel('Address').fill(address('gatehouse-new'))
  await page.getByRole('button', { name: 'Connect' }).click()
  await picture('app-new-key', () =>
    Promise.resolve(page.getByRole('button', { name: 'It is the same: trust it' })),
  )
  await back('Back')
  for (const [name, gateway] of [
    ['app-key-changed', 'gatehouse'],
    ['app-key-changed-vouched', 'gatehouse-eu'],
  ] as const) {
    await picture(name, async () => {
      await page.getByRole('button', { name: address(gateway), exact: true }).click()
      return page.getByText(`The key of ${gateway}.example.com has changed`)
    })
    await back('Stop here')
  }
}
