import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import type { IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contentSecurityPolicy } from '#gateway/page-headers.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'

const script = `export const text = '${'a'.repeat(5000)}'`
let folder: string
let gateway: TestGateway

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-console-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Gatehouse</title>')
  await writeFile(join(folder, 'assets', 'index-a1b2.js'), script)
  await writeFile(join(folder, 'assets', 'index-a1b2.js.map'), '{}')
  await symlink('/etc/passwd', join(folder, 'assets', 'passwd.js'))
  await mkdir(join(folder, 'installers'))
  await writeFile(join(folder, 'installers', 'gatehouse_0.1.0_amd64.deb'), 'a package')
  await writeFile(join(folder, 'installers', 'notes.txt'), 'not for everyone')
  await symlink('/etc/passwd', join(folder, 'installers', 'passwd.deb'))
  gateway = await startGateway({
    environment: {
      GATEHOUSE_CONSOLE_FOLDER: folder,
      GATEHOUSE_DOWNLOAD_FOLDER: join(folder, 'installers'),
    },
  })
})

afterAll(async () => {
  await gateway.stop()
  await rm(folder, { recursive: true, force: true })
})

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

function ask(path: string, method = 'GET', headers: Record<string, string> = {}): Promise<Answer> {
  const { address, caPem } = gateway
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(address)
    const options = { hostname, port, path, method, headers, ca: caPem, agent: false }
    const asking = request(options, (res) => {
      const chunks: Buffer[] = []
      res.on('data', (chunk: Buffer) => chunks.push(chunk))
      res.on('end', () =>
        resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(chunks) }),
      )
    })
    asking.on('error', reject)
    asking.end()
  })
}

test('the bare address shows the console, under a policy that runs nothing but its own files', async () => {
  const { status, headers, body } = await ask('/')
  expect(status).toBe(200)
  expect(body.toString()).toContain('<title>Gatehouse</title>')
  expect(headers['content-security-policy']).toBe(contentSecurityPolicy)
  expect(headers['cache-control']).toBe('no-store')
})

test('a file with a hashed name is packed and may be kept for ever', async () => {
  const { headers, body } = await ask('/assets/index-a1b2.js', 'GET', { 'accept-encoding': 'br' })
  expect(headers['content-encoding']).toBe('br')
  expect(headers['cache-control']).toContain('immutable')
  expect(brotliDecompressSync(body).toString()).toBe(script)
})

test.each([
  '/assets/../../package.json',
  '/assets/%2e%2e/%2e%2e/package.json',
  '/assets/passwd.js',
  '/assets/index-a1b2.js.map',
  '/assets/',
  '/assets/%00',
])('%s is not there', async (path) => {
  expect((await ask(path)).status).toBeGreaterThanOrEqual(400)
})

test('nothing of the console is changed through its address', async () => {
  expect((await ask('/', 'POST')).status).toBe(404)
  expect((await ask('/assets/index-a1b2.js', 'DELETE')).status).toBe(404)
})

test('how one signs in from a terminal stays on its own page', async () => {
  const { status, body } = await ask('/about')
  expect(status).toBe(200)
  expect(body.toString()).toContain('gatehouse login')
})

test('installers of the app are listed and handed out; other files of the folder are not', async () => {
  const page = (await ask('/download')).body.toString()
  expect(page).toContain('href="/download/gatehouse_0.1.0_amd64.deb"')
  expect(page).not.toContain('passwd')
  const file = await ask('/download/gatehouse_0.1.0_amd64.deb')
  expect([file.status, file.body.toString()]).toEqual([200, 'a package'])
  expect(file.headers['content-disposition']).toContain('attachment')
})

test.each(['notes.txt', 'passwd.deb', '..%2findex.html', '%2e%2e', 'gatehouse_0.1.0_amd64.deb%00'])(
  'the installer %s is not there',
  async (name) => {
    expect((await ask(`/download/${name}`)).status).toBeGreaterThanOrEqual(400)
  },
)
