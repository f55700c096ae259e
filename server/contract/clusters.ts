import { z } from 'zod'
import { operation } from './operation.ts'
import { Preset } from './grants.ts'
import { label, Moment, Slug } from './text.ts'

const Pem = z.string().max(100_000)

/** How a Kubernetes API server is reached. */
const Reach = z.object({
  /** An https address; a path is allowed, a query, user or fragment is not. */
  address: z.url({ protocol: /^https$/ }).max(2048),
  /** The authority that signed its certificate; absent means the system’s authorities. */
  caPem: Pem.optional(),
  /** The name its certificate carries, where that is not the address’s host. */
  serverName: z.string().max(253).optional(),
  /** An http proxy that leads to it. */
  proxyUrl: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .optional(),
})
export type Reach = z.infer<typeof Reach>

export const Cluster = Reach.omit({ caPem: true, proxyUrl: true }).extend({
  id: Slug,
  name: z.string(),
  /** SHA-256 of the authority’s certificate, as hexadecimal. */
  caFingerprint: z.string().optional(),
  /** Host and port only; a password in the proxy’s address is never shown. */
  proxy: z.string().optional(),
  /** True when the gateway can mint profile tokens here. */
  keeper: z.boolean(),
  createdAt: Moment,
})
export type Cluster = z.infer<typeof Cluster>

/** How far a test of the connection came. */
export const Diagnosis = z.object({
  status: z.enum([
    'ok',
    'address',
    'dns',
    'tcp',
    'proxy',
    'tls',
    'timeout',
    'unauthorized',
    'not_kubernetes',
  ]),
  message: z.string(),
  version: z.string().optional(),
})
export type Diagnosis = z.infer<typeof Diagnosis>

/** One context of a pasted kubeconfig. */
const KubeconfigContext = z.object({
  name: z.string(),
  address: z.string().optional(),
  /** Why it cannot be imported; absent means it can. */
  refused: z.string().optional(),
})

const Kubeconfig = z.string().max(1_000_000)
const byCluster = z.object({ id: Slug })

export const clusters = {
  list: operation({
    method: 'GET',
    path: '/clusters',
    needs: 'person',
    summary: 'The clusters one has a grant on; all of them for an administrator.',
    input: z.object({}),
    output: z.array(Cluster),
  }),
  test: operation({
    method: 'POST',
    path: '/clusters/test',
    needs: 'admin',
    summary: 'Tries a connection without saving anything and says where it fails.',
    input: Reach.extend({ token: z.string().max(10_000).optional() }),
    output: Diagnosis,
  }),
  register: operation({
    method: 'POST',
    path: '/clusters',
    needs: 'admin',
    summary: 'Registers a cluster after a successful test of the connection.',
    input: Reach.extend({
      id: Slug,
      name: label(100),
      /** The keeper’s token, where the gateway is to mint profile tokens itself. */
      keeperToken: z.string().max(10_000).optional(),
      keeperNamespace: Slug.optional(),
    }),
    output: Cluster,
  }),
  update: operation({
    method: 'PATCH',
    path: '/clusters/:id',
    needs: 'admin',
    summary: 'Changes how a cluster is reached, after the same test; open streams end.',
    input: Reach.partial().extend({
      id: Slug,
      name: label(100).optional(),
      keeperToken: z.string().max(10_000).optional(),
    }),
    output: Cluster,
  }),
  remove: operation({
    method: 'DELETE',
    path: '/clusters/:id',
    needs: 'admin',
    summary: 'Removes a cluster with its profiles and grants and ends every stream to it.',
    input: byCluster,
    output: z.void(),
  }),
  inspectKubeconfig: operation({
    method: 'POST',
    path: '/clusters/inspect-kubeconfig',
    needs: 'admin',
    summary: 'Lists the contexts of a kubeconfig and which can be imported; contacts nothing.',
    input: z.object({ kubeconfig: Kubeconfig }),
    output: z.array(KubeconfigContext),
  }),
  importContext: operation({
    method: 'POST',
    path: '/clusters/import',
    needs: 'admin',
    summary:
      'Registers one context of a kubeconfig: uses its right once to make the keeper, the accounts and bindings of the chosen presets, then forgets it.',
    input: z.object({
      kubeconfig: Kubeconfig,
      context: z.string().max(253),
      id: Slug,
      name: label(100),
      presets: z.array(Preset).min(1).default(['viewer', 'developer', 'operator', 'admin']),
    }),
    output: Cluster,
  }),
}
