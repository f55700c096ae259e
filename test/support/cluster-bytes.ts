import type { IncomingMessage } from 'node:http'
import { get } from 'node:https'
import type { ClusterHandle } from './cluster/client.ts'

/** What the cluster’s admin gets at a path, in the pieces in which it comes; who stops reading ends it. */
export async function* clusterBytes(
  { address, caPem, adminToken }: ClusterHandle,
  path: string,
  accept: string,
): AsyncGenerator<Buffer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { accept, authorization: `Bearer ${adminToken}` }
    get(new URL(path, address), { ca: caPem, headers }, resolve).on('error', reject)
  })
  for await (const chunk of response) yield chunk as Buffer
}
