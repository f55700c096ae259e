import { labelSelector, metadata, objectReference } from './meta.ts'
import type { Fields, Shape } from './table.ts'

const backend = {
  service: [4, { name: [1, 'string'], port: [2, { name: [1, 'string'], number: [2, 'int'] }] }],
} as const satisfies Fields

export const ingress = {
  metadata: [1, metadata],
  spec: [
    2,
    {
      defaultBackend: [1, backend],
      tls: [2, { hosts: [1, 'string', 'list'], secretName: [2, 'string'] }, 'list'],
      rules: [
        3,
        {
          host: [1, 'string'],
          rule: [
            2,
            {
              http: [1, { paths: [1, { path: [1, 'string'], backend: [2, backend] }, 'list'] }],
            },
            'inline',
          ],
        },
        'list',
      ],
      ingressClassName: [4, 'string'],
    },
  ],
  status: [
    3,
    {
      loadBalancer: [1, { ingress: [1, { ip: [1, 'string'], hostname: [2, 'string'] }, 'list'] }],
    },
  ],
} as const satisfies Fields
export type Ingress = Shape<typeof ingress>

/** Rules are counted only. */
export const networkPolicy = {
  metadata: [1, metadata],
  spec: [
    2,
    {
      podSelector: [1, labelSelector],
      ingress: [2, {}, 'list'],
      egress: [3, {}, 'list'],
      policyTypes: [4, 'string', 'list'],
    },
  ],
} as const satisfies Fields
export type NetworkPolicy = Shape<typeof networkPolicy>

/** Of discovery.k8s.io/v1. */
export const endpointSlice = {
  metadata: [1, metadata],
  endpoints: [
    2,
    {
      addresses: [1, 'string', 'list'],
      conditions: [2, { ready: [1, 'bool'], serving: [2, 'bool'], terminating: [3, 'bool'] }],
      targetRef: [4, objectReference],
    },
    'list',
  ],
  ports: [3, { name: [1, 'string'], protocol: [2, 'string'], port: [3, 'int'] }, 'list'],
  addressType: [4, 'string'],
} as const satisfies Fields
export type EndpointSlice = Shape<typeof endpointSlice>
