import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { administrator, startGateway, type TestGateway } from '../../support/gateway.ts'
import { connectRaw } from '../hostile/raw-client.ts'
import { rawHead } from '../hostile/world.ts'

let gateway: TestGateway

beforeAll(async () => {
  gateway = await startGateway({ environment: { GATEHOUSE_CONSOLE_PORT: '0' } })
  await gateway.admin()
})
afterAll(() => gateway.stop())

/** Signs in as a browser on this machine does; answers the token of its cookie. */
function signIn(): Promise<string> {
  const port = gateway.gateway.consolePort
  const headers = { 'content-type': 'application/json', origin: `http://127.0.0.1:${port}` }
  return new Promise((resolve, reject) => {
    request(
      { port, host: '127.0.0.1', path: '/api/console/sign-in', method: 'POST', headers },
      (response) => {
        response.resume()
        resolve(
          /gatehouse-local=([^;]+)/.exec(response.headers['set-cookie']?.[0] ?? '')?.[1] ?? '',
        )
      },
    )
      .on('error', reject)
      .end(JSON.stringify(administrator))
  })
}

// design.md 4: browsers send a cookie of 127.0.0.1 to every port there, also to a pod behind a port-forward
test('a session of the loopback listener opens nothing on the listener of the network', async () => {
  const token = await signIn()
  expect(token).toMatch(/^eyJ/)
  const client = await connectRaw({ port: gateway.port, caPem: gateway.caPem })
  client.send(
    rawHead(
      'GET /api/persons HTTP/1.1',
      `Host: 127.0.0.1:${gateway.port}`,
      `Cookie: __Host-gatehouse=${token}`,
    ),
  )
  expect((await client.answer()).status).toBe(401)
  client.socket.destroy()
  const at = `http://127.0.0.1:${gateway.gateway.consolePort}/api/me`
  const own = await fetch(at, { headers: { cookie: `gatehouse-local=${token}` } })
  expect(await own.json()).toMatchObject({ name: administrator.name })
})
