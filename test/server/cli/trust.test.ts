import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { spawn } from 'node-pty'
import { expect, onTestFinished, test } from 'vitest'
import { makeAuthority, type Authority } from '../../support/cluster/certificates.ts'
import {
  newDevice,
  program,
  rememberedSession,
  type CommandLine,
} from '../../support/command-line.ts'

/** Whatever sits at an address: it claims an authority and refuses every sign-in, counting them. */
async function startPeer(signer: Authority, claimed?: string, name = '127.0.0.1') {
  const { certificatePem, keyPem } = await signer.certificateFor([name])
  const asked: string[] = []
  const server = createServer({ cert: certificatePem, key: keyPem }, (req, res) => {
    asked.push(`${req.method ?? ''} ${req.url ?? ''}`)
    const status = { product: 'Gatehouse', version: '1', ready: true, caPem: claimed }
    const refused = { code: 'unauthenticated', message: 'Name or password is wrong' }
    const known = req.url === '/api/status'
    res.writeHead(known ? 200 : 401, { 'content-type': 'application/json; charset=utf-8' })
    res.end(JSON.stringify(known ? status : refused))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { address: `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`, asked }
}

const signIn = (device: CommandLine, address: string, ...more: string[]) =>
  device.run(['login', address, '--name', 'ada', '--password-stdin', ...more], 'a-password')

const fingerprint = (pem: string) => new X509Certificate(pem).fingerprint256

test('an unknown authority is shown and not trusted when nobody can be asked', async () => {
  const authority = await makeAuthority()
  const peer = await startPeer(authority, authority.caPem)
  const { code, stderr } = await signIn(newDevice(), peer.address)
  expect(code).toBe(1)
  expect(stderr).toContain(fingerprint(authority.caPem))
  expect(peer.asked).not.toContain('POST /api/sign-in')
})

test('an authority from a file is enough, and its refusal of the password arrives', async () => {
  const authority = await makeAuthority()
  const peer = await startPeer(authority, authority.caPem)
  const device = newDevice()
  const file = `${program}.absent`
  expect((await signIn(device, peer.address, '--ca', file)).code).toBe(1)
  const ca = join(device.home, 'ca.pem')
  writeFileSync(ca, authority.caPem)
  const { code, stderr } = await signIn(device, peer.address, '--ca', ca)
  expect({ code, stderr }).toEqual({ code: 1, stderr: 'gatehouse: Name or password is wrong\n' })
  expect(peer.asked).toContain('POST /api/sign-in')
})

test('a remembered gateway with another authority is refused, and no password is sent', async () => {
  const device = newDevice()
  const [known, other] = [await makeAuthority('Known'), await makeAuthority('Other')]
  const peer = await startPeer(other, other.caPem)
  device.remember({ address: peer.address, caPem: known.caPem, session: rememberedSession(10) })
  const { code, stderr } = await signIn(device, peer.address)
  expect(code).toBe(1)
  expect(stderr).toContain(fingerprint(known.caPem))
  expect((await device.run(['clusters'])).code).toBe(1)
  expect(peer.asked).toEqual([])
})

test('a claimed authority that did not sign the certificate is refused', async () => {
  const [famous, own] = [await makeAuthority('Famous'), await makeAuthority('Own')]
  const both = `${famous.caPem}\n${own.caPem}`
  const peer = await startPeer(own, both)
  const { code, stderr } = await signIn(newDevice(), peer.address)
  expect(code).toBe(1)
  expect(stderr).not.toContain('--ca FILE, or')
  expect(peer.asked).toEqual(['GET /api/status'])
})

test('a certificate for another name is refused whatever signed it', async () => {
  const authority = await makeAuthority()
  const peer = await startPeer(authority, authority.caPem, 'elsewhere.test')
  const { code, stderr } = await signIn(newDevice(), peer.address)
  expect(code).toBe(1)
  expect(stderr).toContain('is for another name')
})

/** Signs in at a terminal; each answer is typed when its question is on the screen. */
async function atTerminal(device: CommandLine, address: string, answers: [RegExp, string][]) {
  const args = [program, 'login', address, '--name', 'ada']
  const terminal = spawn(process.execPath, args, { cols: 300, env: device.env })
  let screen = ''
  terminal.onData((data) => {
    screen += data
    const [next] = answers
    if (!next?.[0].test(screen)) return
    answers.shift()
    terminal.write(next[1])
  })
  const code = await new Promise<number>((resolve) => {
    terminal.onExit(({ exitCode }) => {
      resolve(exitCode)
    })
  })
  return { code, screen }
}

test('a typed yes trusts an authority, and the password does not appear on the screen', async () => {
  const authority = await makeAuthority()
  const peer = await startPeer(authority, authority.caPem)
  const { code, screen } = await atTerminal(newDevice(), peer.address, [
    [/Type yes: /, 'yes\r'],
    [/Password: /, 'a-pass\u007fsword\r'],
  ])
  expect(code).toBe(1)
  expect(screen).toContain(fingerprint(authority.caPem))
  expect(screen).toContain('Name or password is wrong')
  expect(screen).not.toMatch(/a-pas/)
  expect(peer.asked).toContain('POST /api/sign-in')
})

test.each(['y\r', '\r', '\u0003'])('%j instead of yes trusts nothing', async (answer) => {
  const authority = await makeAuthority()
  const peer = await startPeer(authority, authority.caPem)
  const { code } = await atTerminal(newDevice(), peer.address, [[/Type yes: /, answer]])
  expect(code).toBe(1)
  expect(peer.asked).not.toContain('POST /api/sign-in')
})

test('the program has no way to send anything secret without verification', () => {
  const send = readFileSync(new URL('../../../server/cli/send.ts', import.meta.url), 'utf8')
  expect(send.match(/rejectUnauthorized: false/g)).toHaveLength(1)
})
