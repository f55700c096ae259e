import { z } from 'zod'
import type { KubernetesObject } from '#gateway/place.ts'

/** A port that may be forwarded. */
export interface OfferedPort {
  readonly port: number
  /** As it is written: `http`, `80 → 8080 http`. */
  readonly label: string
}

const Port = z.object({
  containerPort: z.number(),
  name: z.string().default(''),
  protocol: z.string().default('TCP'),
})
const Containers = z.array(z.object({ ports: z.array(Port).default([]) })).default([])
const Pod = z.object({
  spec: z.object({ containers: Containers, initContainers: Containers }),
})
const ServicePort = z.object({
  port: z.number(),
  targetPort: z.union([z.number(), z.string()]).optional(),
  name: z.string().default(''),
  protocol: z.string().default('TCP'),
})
const Service = z.object({ spec: z.object({ ports: z.array(ServicePort).default([]) }) })

/** Ports that the containers of a pod declare; only TCP is forwarded. */
export function portsOfPod(pod: KubernetesObject | undefined): OfferedPort[] {
  return distinct(
    declaredBy(pod).map(({ containerPort: port, name }) => ({ port, label: words(port, name) })),
  )
}

/** Where the ports of a Service lead in one of its pods. */
export function portsOfService(
  service: KubernetesObject | undefined,
  pod: KubernetesObject | undefined,
): OfferedPort[] {
  const parsed = Service.safeParse(service)
  const declared = declaredBy(pod)
  const ports = (parsed.success ? parsed.data.spec.ports : []).filter(isTcp)
  return distinct(
    ports.flatMap(({ port, targetPort = port, name }) => {
      const to =
        typeof targetPort === 'number'
          ? targetPort
          : declared.find((it) => it.name === targetPort)?.containerPort
      if (to === undefined) return []
      const way = to === port ? `${String(port)}` : `${String(port)} → ${String(to)}`
      return [{ port: to, label: words(way, name) }]
    }),
  )
}

function declaredBy(pod: KubernetesObject | undefined) {
  const parsed = Pod.safeParse(pod)
  if (!parsed.success) return []
  const { containers, initContainers } = parsed.data.spec
  return [...containers, ...initContainers].flatMap((it) => it.ports).filter(isTcp)
}

const isTcp = ({ protocol }: { readonly protocol: string }) => protocol === 'TCP'

const words = (port: number | string, name: string) => `${String(port)} ${name}`.trim()

const distinct = (ports: readonly OfferedPort[]) =>
  ports.filter((it, at) => ports.findIndex(({ port }) => port === it.port) === at)
