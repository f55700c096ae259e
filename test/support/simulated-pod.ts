import { simulatedNode } from './cluster/kwok.ts'

/** A pod that runs at once and costs nothing; what is executed in it are processes of this machine. */
export const simulatedPod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    nodeSelector: simulatedNode,
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'main', image: 'simulated' }],
  },
})
