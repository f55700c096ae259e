// A plain informer of the Kubernetes client, in a process of its own: what a console without an engine would
// hold. Says when it has the first and the last pod, and when changes of the pods that are asked about arrive.
import { CoreV1Api, KubeConfig, makeInformer } from '@kubernetes/client-node'

const [kubeconfig = '', expected = '0'] = process.argv.slice(2)
const config = new KubeConfig()
config.loadFromFile(kubeconfig)
const api = config.makeApiClient(CoreV1Api)
const informer = makeInformer(config, '/api/v1/pods', () => api.listPodForAllNamespaces())
const say = (message: object) => process.send?.(message)

let count = 0
informer.on('add', () => {
  count += 1
  if (count === 1) say({ type: 'first' })
  if (count === Number(expected)) say({ type: 'whole' })
})
let changes = 0
const wanted = new Set<string>()
informer.on('update', ({ metadata }) => {
  changes += 1
  if (wanted.has(metadata?.uid ?? ''))
    say({
      type: 'change',
      uid: metadata?.uid,
      version: metadata?.resourceVersion,
      at: performance.timeOrigin + performance.now(),
    })
})
process.on('message', (message: { uids?: string[] }) => {
  if (message.uids) for (const uid of message.uids) wanted.add(uid)
  else say({ type: 'changes', changes })
})
await informer.start()
