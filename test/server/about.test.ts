import 'reflect-metadata'
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509'
import express from 'express'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { serveLanding } from '../../server/http/landing.ts'
import { makeAuthority } from '../support/cluster/certificates.ts'
import { newDevice, program } from '../support/command-line.ts'
import { administrator, startGateway, type TestGateway } from '../support/gateway.ts'
import { ask } from './rows/door.ts'

const unescape = (html: string) =>
  html.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))

async function aboutOf(gateway: TestGateway) {
  const { text } = await ask(gateway, '/about')
  const lines = unescape(/<pre[^>]*><code>([^]*?)<\/code>/.exec(text)?.[1] ?? '')
  return { text, lines }
}

async function opened(environment: Record<string, string> = {}) {
  const gateway = await startGateway({ environment })
  onTestFinished(() => gateway.stop())
  await gateway.admin()
  return gateway
}

/** A new machine: pastes what the page shows up to the login, which asks for the password on stdin. */
async function paste(lines: string) {
  const device = newDevice()
  mkdirSync(device.home, { recursive: true })
  const password = join(device.home, 'password')
  writeFileSync(password, administrator.password)
  const end = lines.indexOf('\n', lines.indexOf('gatehouse login'))
  const shell = `gatehouse() { "${process.execPath}" "${program}" "$@"; }
${lines.slice(0, end)} --name ${administrator.name} --password-stdin < "${password}" && gatehouse whoami`
  const run = promisify(execFile)
  return run('sh', ['-euc', shell], { cwd: device.home, env: device.env })
}

test('what the page shows signs in when it is pasted, on a machine that never saw the gateway', async () => {
  const gateway = await opened()
  const { text, lines } = await aboutOf(gateway)
  expect(lines).toContain(`gatehouse login ${gateway.address} --ca gatehouse-ca.pem\n`)
  expect(text).toContain(new X509Certificate(gateway.caPem).fingerprint256)
  expect((await paste(lines)).stdout).toContain(administrator.name)
})

test('an authority’s file is shown with its certificate only, and as it is safe in a page', async () => {
  const folder = newDevice().home
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'ca.pem')
  const { caPem } = await opened()
  writeFileSync(file, `<script>END\necho injected\n</script>\n${caPem}\nafter it\n`)
  const { text, lines } = await aboutOf(await opened({ GATEHOUSE_CA_FILE: file }))
  expect(text).not.toMatch(/script|echo injected|after it/)
  expect(lines).toContain(`<<'END'\n${new X509Certificate(caPem).toString().trimEnd()}\nEND\n`)
  expect(readFileSync(file, 'utf8')).toContain('after it')
})

/** What the page would say of a gateway with these certificates. */
async function shown(
  config: { readonly publicUrl: string; readonly caPem?: string },
  certificatePem: string,
) {
  const app = express()
  serveLanding(app, {
    version: '1',
    config: { publicUrl: config.publicUrl, caPem: config.caPem, listen: { certificatePem } },
  })
  const server = app.listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const answer = await fetch(`http://127.0.0.1:${String(port)}/about`)
  return unescape(await answer.text())
}

test('where none is configured, only a certificate that vouches for itself is the authority', async () => {
  const publicUrl = 'https://127.0.0.1:8443'
  const own = await selfSigned('127.0.0.1')
  expect(await shown({ publicUrl }, own)).toContain(`${own.trimEnd()}\nEND\n`)
  const signed = await (await makeAuthority()).certificateFor(['127.0.0.1'])
  expect(await shown({ publicUrl }, signed.certificatePem)).not.toContain('--ca')
  // A proxy in front shows people another one.
  expect(await shown({ publicUrl: 'https://gateway.test' }, own)).not.toContain('--ca')
  expect(await shown({ publicUrl, caPem: 'no certificate' }, own)).not.toContain('--ca')
})

async function selfSigned(ip: string): Promise<string> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${ip}`,
    keys: await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']),
    signingAlgorithm: algorithm,
    extensions: [new SubjectAlternativeNameExtension([{ type: 'ip', value: ip }])],
  })
  return new X509Certificate(certificate.toString('pem')).toString()
}
