// Changes pods at a steady rate, in a process of its own so that it does not hold up who looks. Says how many it has
// changed whenever it is asked.
import { openEtcd } from './etcd.ts'
import { restartsAt } from './stored-pod.ts'

const [folder = '', wanted = '0'] = process.argv.slice(2)
const rate = Number(wanted)
/** As many as one step may bring: who falls behind does not catch up in a burst. */
const mostUnderWay = 64
const step = 5

const etcd = openEtcd(folder)
const pods = (await etcd.list('/registry/pods/')).map((it) => ({ ...it, at: restartsAt(it.value) }))
let turn = 0
let underWay = 0
let done = 0
const started = performance.now()

async function change(): Promise<void> {
  // Steps through all of them in an order that is not theirs.
  const pod = pods[((turn += 1) * 7919) % pods.length]
  if (!pod) return
  pod.value[pod.at] = turn % 128
  underWay += 1
  await etcd.put(pod.key, pod.value)
  underWay -= 1
  done += 1
}

setInterval(() => {
  const due = ((performance.now() - started) / 1000) * rate
  while (turn < due && underWay < mostUnderWay) void change()
  // What the cluster did not take in time is not made up for.
  turn = Math.max(turn, Math.floor(due) - mostUnderWay)
}, step)
const tell = () => process.send?.({ done, milliseconds: performance.now() - started })
process.on('message', tell)
process.send?.('ready')
