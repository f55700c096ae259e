import { Agent } from 'node:https'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { desktopStreams } from '#bridge'
import { LogsInput } from '#gateway/streams.ts'
import { gatewayStreams } from '../../../main/bridge/gateway-streams.ts'
import { WindowStream } from '../../../main/bridge/stream-port.ts'
import { openGatewayStream } from '../../../main/gateway/stream.ts'
import { LogDesk } from '../../../renderer/data/logs/desk.ts'
import { LogFeed, type FeedStatus } from '../../../renderer/data/logs/feed.ts'
import { listenOnce } from '../../../renderer/data/stream-messages.ts'
import { connectCluster } from '../../support/cluster/client.ts'
import { startGatewayProcess, type GatewayProcess } from '../../support/gateway-process.ts'
import { makeChannel } from '../../support/pages.ts'
import { createPod, realPod } from '../../support/pods.ts'
import { openStream } from '../../support/stream-client.ts'
import { adminKubeconfig } from '../../support/world.ts'

const cluster = connectCluster(inject('cluster'))
const ticks = 'i=0; while true; do i=$((i+1)); echo "tick $i"; usleep 5000; done'
const profile = 'operator'
let gateway: GatewayProcess
let namespace: Awaited<ReturnType<typeof cluster.namespace>>

beforeAll(async () => {
  gateway = await startGatewayProcess({
    allow: [new URL(cluster.handle.address).host],
    // Started again on the same folder and port, as a service manager does.
    supervised: true,
  })
  namespace = await cluster.namespace('restart')
  await createPod(cluster, namespace.name, realPod('ticks', { script: ticks }))
  await cluster.waitForPod(namespace.name, 'ticks')
})
afterAll(async () => {
  await namespace?.remove()
  await gateway?.remove()
})

async function signIn(): Promise<string> {
  const admin = await gateway.admin()
  const kubeconfig = adminKubeconfig(cluster)
  await admin.clusters.importContext({ kubeconfig, context: 'admin', id: 'prod', name: 'Prod' })
  const profiles = await admin.profiles.list({ clusterId: 'prod' })
  const profileId = profiles.find(({ name }) => name === profile)?.id ?? ''
  const person = { name: 'grace', password: 'a long enough password' }
  const { id: personId } = await admin.persons.create(person)
  await admin.grants.create({ personId, profileId, preset: profile })
  return (await gateway.as().entry.signIn({ ...person, device: 'test' })).accessToken
}

const place = () => ({ cluster: 'prod', profile, namespace: namespace.name })

/** A pane’s feed and desk, over the app’s own two ends of a port, to the gateway. */
function follow(token: string) {
  const agent = new Agent({ ca: gateway.caPem })
  const { address } = gateway
  const tokens = { token: async () => token, renew: async () => token }
  const { logs } = gatewayStreams(() => ({
    openStream: (name, input, ears) =>
      openGatewayStream({ address, agent, ...tokens }, name, input, ears),
  }))
  const seen: FeedStatus[] = []
  let wake = () => {}
  const feed = new LogFeed(
    LogsInput.parse({
      ...place(),
      pods: ['ticks'],
    }),
    {
      open(input, ears) {
        const { mine, page } = makeChannel()
        const ear = listenOnce(ears)
        page.port.on('message', (data: string) => ear.text(data))
        const stream = new WindowStream(mine, desktopStreams.logs)
        void logs(input as never, stream)
        stream.start()
        return {
          send: (message) => page.say(message),
          sendBytes: () => undefined,
          close: () => {
            ear.end(undefined)
            page.port.close()
          },
        }
      },
      desk(hear) {
        const desk = new LogDesk()
        const update = setInterval(() => hear(desk.update()), 20)
        return {
          send: (ask) => {
            for (const answer of desk.hear(ask)) hear(answer)
          },
          close: () => clearInterval(update),
        }
      },
      now: Date.now,
      after(milliseconds, work) {
        const timer = setTimeout(work, milliseconds)
        return () => clearTimeout(timer)
      },
    },
  )
  feed.listen(() => {
    const { stream } = feed.state()
    if (seen.at(-1) !== stream) seen.push(stream)
    wake()
  })
  const until = async (fits: () => boolean) => {
    while (!fits()) await new Promise<void>((resolve) => (wake = resolve))
  }
  const lines = () => feed.state().desk?.lines ?? 0
  return { feed, seen, until, lines, close: () => (feed.close(), agent.destroy()) }
}

test('a log that is followed goes on by itself when the gateway was restarted, and no line is lost or twice', async () => {
  const token = await signIn()
  const { feed, seen, until, lines, close } = follow(token)
  await until(() => lines() > 100)
  const headers = { authorization: `Bearer ${token}` }
  const shell = await openStream(
    { ...gateway, headers, name: 'terminal' },
    { ...place(), pod: 'ticks', mode: 'exec' },
  )
  await shell.shows(/[#$] /)
  expect(await gateway.end('SIGTERM')).toEqual({ code: 0, signal: null })
  await until(() => feed.state().stream.status === 'lost')
  // The shell is told that it may be asked for again; whether it is, is for a person to say.
  const why = { reason: 'The gateway is restarting', returns: true }
  expect(await shell.said('closed')).toEqual({ type: 'closed', ...why })
  const before = lines()
  await until(() => feed.state().stream.status === 'open' && lines() > before + 500)

  const saved: string[] = []
  for await (const part of feed.parts('all', false)) saved.push(part)
  close()
  const told = saved.join('').trimEnd().split('\n')
  const numbers = told.filter((it) => it.startsWith('tick ')).map((it) => Number(it.slice(5)))
  expect(numbers).toEqual(numbers.map((_, at) => at + 1))
  const others = told.filter((it) => !it.startsWith('tick '))
  expect(others).toEqual([expect.stringMatching(/^\[gap\].*"whole":true/)])
  expect(seen.map(({ status }) => status)).not.toContain('closed')
  expect(seen.find(({ status }) => status === 'lost')).toMatchObject({ restarts: true })
})
