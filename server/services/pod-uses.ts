import { z } from 'zod'
import type { KubernetesObject } from '../contract/place.ts'
import { listOf } from './list-of.ts'

/** What a pod needs in its namespace, by kind. */
export interface PodUses {
  readonly configMaps: readonly string[]
  readonly secrets: readonly string[]
  readonly claims: readonly string[]
  readonly serviceAccount: string | undefined
  readonly node: string | undefined
  readonly priorityClass: string | undefined
}

const name = z.string().nullish()
const named = z.object({ name }).nullish()

const Container = z.object({
  envFrom: listOf(z.object({ configMapRef: named, secretRef: named })).nullish(),
  env: listOf(
    z.object({
      valueFrom: z.object({ configMapKeyRef: named, secretKeyRef: named }).nullish(),
    }),
  ).nullish(),
})

const Volume = z.object({
  name,
  configMap: named,
  secret: z.object({ secretName: name }).nullish(),
  persistentVolumeClaim: z.object({ claimName: name }).nullish(),
  ephemeral: z.object({}).nullish(),
  projected: z
    .object({ sources: listOf(z.object({ configMap: named, secret: named })).nullish() })
    .nullish(),
})

const PodSpec = z.object({
  containers: listOf(Container).nullish(),
  initContainers: listOf(Container).nullish(),
  ephemeralContainers: listOf(Container).nullish(),
  volumes: listOf(Volume).nullish(),
  imagePullSecrets: listOf(z.object({ name })).nullish(),
  serviceAccountName: name,
  nodeName: name,
  priorityClassName: name,
})
type PodSpec = z.output<typeof PodSpec>

/** Read from a pod’s spec or that of a template; what cannot be read uses nothing. */
export function usesOf(spec: unknown, podName?: string): PodUses {
  const parsed = PodSpec.safeParse(spec)
  const it: PodSpec = parsed.success ? parsed.data : {}
  const containers = [it.containers, it.initContainers, it.ephemeralContainers].flatMap(
    (list) => list ?? [],
  )
  const envFrom = containers.flatMap((each) => each.envFrom ?? [])
  const env = containers.flatMap((each) => each.env ?? []).map((each) => each.valueFrom)
  const volumes = it.volumes ?? []
  const projected = volumes.flatMap((each) => each.projected?.sources ?? [])
  return {
    configMaps: unique([
      ...envFrom.map((each) => each.configMapRef?.name),
      ...env.map((each) => each?.configMapKeyRef?.name),
      ...volumes.map((each) => each.configMap?.name),
      ...projected.map((each) => each.configMap?.name),
    ]),
    secrets: unique([
      ...envFrom.map((each) => each.secretRef?.name),
      ...env.map((each) => each?.secretKeyRef?.name),
      ...volumes.map((each) => each.secret?.secretName),
      ...projected.map((each) => each.secret?.name),
      ...(it.imagePullSecrets ?? []).map((each) => each.name),
    ]),
    claims: unique([
      ...volumes.map((each) => each.persistentVolumeClaim?.claimName),
      // The cluster names the claim of an ephemeral volume after the pod.
      ...volumes.map((each) => (each.ephemeral && podName ? `${podName}-${each.name}` : undefined)),
    ]),
    serviceAccount: it.serviceAccountName || undefined,
    node: it.nodeName || undefined,
    priorityClass: it.priorityClassName || undefined,
  }
}

const unique = (names: readonly (string | null | undefined)[]): string[] =>
  [...new Set(names)].filter((it) => typeof it === 'string' && it !== '') as string[]

/** The spec of the pods that an object is or makes. */
export function podSpecOf({ resource }: { readonly resource: string }, object: KubernetesObject) {
  const spec = partOf(object, 'spec')
  if (resource === 'pods') return spec
  const job = resource === 'cronjobs' ? partOf(partOf(spec, 'jobTemplate'), 'spec') : spec
  return partOf(partOf(job, 'template'), 'spec')
}

/** A part of something that may not be what it should. */
export const partOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined
