import type { StatusCell } from '../../../contract/views.ts'
import { service, type Service } from '../fields/core.ts'
import {
  endpointSlice,
  ingress,
  networkPolicy,
  type EndpointSlice,
  type Ingress,
  type NetworkPolicy,
} from '../fields/networking.ts'
import { column, extra, model, statusColumn } from '../model.ts'
import { age, pairsOf, selectorText } from './shared.ts'
import { said } from './tones.ts'

interface Balanced {
  readonly ingress?:
    | readonly { readonly ip?: string | undefined; readonly hostname?: string | undefined }[]
    | undefined
}

const addressesOf = (balancer: Balanced | undefined): string =>
  balancer?.ingress?.map((it) => it.hostname || it.ip).join(', ') ?? ''

/** Of a Service alone only an awaited load balancer shows; whether anything answers, its endpoints tell. */
function serviceStatus({ spec, status }: Service): StatusCell {
  if (spec?.type === 'LoadBalancer' && addressesOf(status?.loadBalancer) === '')
    return said('Pending', 'progress', 'The load balancer has no address yet')
  return said('Active', 'ok')
}

const portsOf = ({ spec }: Service) =>
  spec?.ports
    ?.map(({ port, nodePort, protocol }) => {
      return `${port}${nodePort ? `:${nodePort}` : ''}/${protocol || 'TCP'}`
    })
    .join(',')

function externalOf({ spec, status }: Service): string | undefined {
  if (spec?.type === 'ExternalName') return spec.externalName
  const all = [addressesOf(status?.loadBalancer), ...(spec?.externalIPs ?? [])]
  return all.filter(Boolean).join(', ') || undefined
}

export const services = model(service, {
  status: serviceStatus,
  columns: [
    column('type', 'Type', 'text', (it: Service) => it.spec?.type),
    statusColumn(),
    column('clusterIP', 'Cluster IP', 'text', (it: Service) => it.spec?.clusterIP || undefined),
    column('external', 'External', 'text', externalOf),
    column('ports', 'Ports', 'text', (it: Service) => portsOf(it) || undefined),
    column(
      'selector',
      'Selector',
      'text',
      (it: Service) => pairsOf(it.spec?.selector) || undefined,
    ),
    age,
    extra('affinity', 'Session affinity', 'text', (it: Service) => it.spec?.sessionAffinity),
  ],
})

const hostsOf = ({ spec }: Ingress): string =>
  spec?.rules?.map((it) => it.host || '*').join(', ') || '*'

/** Services that the rules of an Ingress lead to. */
export const backendsOf = ({ spec }: Ingress): string[] => {
  const paths = spec?.rules?.flatMap((it) => it.http?.paths ?? []) ?? []
  const names = [spec?.defaultBackend, ...paths.map((it) => it.backend)].map(
    (it) => it?.service?.name,
  )
  return [...new Set(names.filter((it) => it !== undefined))]
}

function ingressStatus({ status }: Ingress): StatusCell {
  return addressesOf(status?.loadBalancer) === ''
    ? said('Pending', 'progress', 'No controller has given it an address')
    : said('Ready', 'ok')
}

export const ingresses = model(ingress, {
  status: ingressStatus,
  columns: [
    column('hosts', 'Hosts', 'text', hostsOf),
    statusColumn(),
    column(
      'address',
      'Address',
      'text',
      (it: Ingress) => addressesOf(it.status?.loadBalancer) || undefined,
    ),
    column('class', 'Class', 'text', (it: Ingress) => it.spec?.ingressClassName),
    column('services', 'Services', 'text', (it: Ingress) => backendsOf(it).join(', ') || undefined),
    age,
    extra(
      'tls',
      'TLS',
      'text',
      (it: Ingress) =>
        it.spec?.tls?.map(({ secretName }) => secretName || '?').join(', ') || undefined,
    ),
  ],
})

export const networkPolicies = model(networkPolicy, {
  columns: [
    column('selector', 'Pods', 'text', (it: NetworkPolicy) => selectorText(it.spec?.podSelector)),
    column('types', 'Types', 'text', (it: NetworkPolicy) => it.spec?.policyTypes?.join(', ')),
    column(
      'ingress',
      'Ingress rules',
      'number',
      (it: NetworkPolicy) => it.spec?.ingress?.length ?? 0,
    ),
    column('egress', 'Egress rules', 'number', (it: NetworkPolicy) => it.spec?.egress?.length ?? 0),
    age,
  ],
})

/** An endpoint of unknown state counts as ready, as the API says. */
const isReady = ({ conditions }: NonNullable<EndpointSlice['endpoints']>[number]) =>
  conditions?.ready !== false

function endpointSliceStatus({ endpoints }: EndpointSlice): StatusCell {
  const all = endpoints?.length ?? 0
  const ready = endpoints?.filter(isReady).length ?? 0
  if (all === 0) return said('Empty', 'done')
  if (ready === all) return said('Ready', 'ok')
  return said('Not ready', ready === 0 ? 'failed' : 'warning', `${ready} of ${all} are ready`)
}

export const endpointSlices = model(endpointSlice, {
  status: endpointSliceStatus,
  columns: [
    column('type', 'Type', 'text', (it: EndpointSlice) => it.addressType),
    statusColumn(),
    column(
      'ports',
      'Ports',
      'text',
      ({ ports }: EndpointSlice) =>
        ports?.map(({ port, protocol }) => `${port ?? '*'}/${protocol || 'TCP'}`).join(',') ||
        undefined,
    ),
    column(
      'endpoints',
      'Endpoints',
      'text',
      ({ endpoints }: EndpointSlice) =>
        endpoints
          ?.slice(0, 20)
          .flatMap((it) => it.addresses ?? [])
          .join(', ') || undefined,
    ),
    column(
      'ready',
      'Ready',
      'text',
      ({ endpoints = [] }: EndpointSlice) =>
        `${endpoints?.filter(isReady).length ?? 0}/${endpoints?.length ?? 0}`,
    ),
    age,
    extra(
      'service',
      'Service',
      'text',
      (it: EndpointSlice) => it.metadata?.labels?.['kubernetes.io/service-name'],
    ),
  ],
})
