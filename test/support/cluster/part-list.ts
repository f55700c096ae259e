import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const allParts = [
  'agnhost',
  'etcd',
  'helm',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubectl',
  'kubelet',
  'kwok',
] as const

/** Compiled from a package's tests and only when it is asked for: few need it and it takes minutes. */
export const testParts = { 'e2e.test': 'k8s.io/kubernetes/test/e2e' } as const

/** Compiled from a Go module of its own in this folder below, so that neither build is a reason for the other. */
const apartParts = { 'metrics-server': 'metrics' } as const

export type PartName = (typeof allParts)[number] | keyof typeof testParts | keyof typeof apartParts

/** Where the programs are, each by its name. */
export type Parts<Name extends PartName = PartName> = Readonly<Record<Name, string>>

export type Progress = (line: string) => void

export const kubernetesVersion = 'v1.36.3'

/** The Go module that names and pins every program but those that are built apart. */
export const moduleFolder = fileURLToPath(new URL('.', import.meta.url))

/** The Go module that names and pins this program. */
export const moduleOf = (name: PartName): string =>
  name in apartParts
    ? join(moduleFolder, apartParts[name as keyof typeof apartParts])
    : moduleFolder

/** Where what is built or fetched once is kept, outside the checkout. */
export function cacheFolder(): string {
  const { GATEHOUSE_CACHE, XDG_CACHE_HOME } = process.env
  return GATEHOUSE_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'gatehouse')
}
