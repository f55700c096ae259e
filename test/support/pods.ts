import { busyboxImage } from './cluster/node-images.ts'
import { realNodeName } from './cluster/node.ts'
import type { ClusterClient } from './cluster/client.ts'

export interface PodOptions {
  /** For `sh -c`. */
  readonly script: string
  readonly readyPort?: number
  /** Further fields of the container. */
  readonly container?: Readonly<Record<string, unknown>>
}

/** A pod whose processes are real, on the node that has a kubelet; /kept outlives its container. */
export const realPod = (name: string, { script, readyPort, container }: PodOptions) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    nodeName: realNodeName,
    terminationGracePeriodSeconds: 0,
    volumes: [{ name: 'kept', emptyDir: {} }],
    containers: [
      {
        name: 'main',
        image: busyboxImage,
        imagePullPolicy: 'Never',
        command: ['sh', '-c', script],
        volumeMounts: [{ name: 'kept', mountPath: '/kept' }],
        ...(readyPort && { readinessProbe: { tcpSocket: { port: readyPort }, periodSeconds: 1 } }),
        ...container,
      },
    ],
  },
})

export async function createPod(
  cluster: ClusterClient,
  namespace: string,
  pod: ReturnType<typeof realPod>,
): Promise<void> {
  await cluster.api.want(`/api/v1/namespaces/${namespace}/pods`, { method: 'POST', body: pod })
}
