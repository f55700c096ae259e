import type { KindRef } from '../contract/place.ts'

const kinds: Readonly<Record<string, readonly string[]>> = {
  '': ['nodes', 'persistentvolumes', 'namespaces', 'componentstatuses'],
  'rbac.authorization.k8s.io': ['clusterroles', 'clusterrolebindings'],
  'storage.k8s.io': [
    'storageclasses',
    'csidrivers',
    'csinodes',
    'volumeattachments',
    'volumeattributesclasses',
  ],
  'scheduling.k8s.io': ['priorityclasses'],
  'node.k8s.io': ['runtimeclasses'],
  'networking.k8s.io': ['ingressclasses', 'servicecidrs', 'ipaddresses'],
  'gateway.networking.k8s.io': ['gatewayclasses'],
  'apiextensions.k8s.io': ['customresourcedefinitions'],
  'apiregistration.k8s.io': ['apiservices'],
  'admissionregistration.k8s.io': [
    'mutatingwebhookconfigurations',
    'validatingwebhookconfigurations',
    'validatingadmissionpolicies',
    'validatingadmissionpolicybindings',
    'mutatingadmissionpolicies',
    'mutatingadmissionpolicybindings',
  ],
  'flowcontrol.apiserver.k8s.io': ['flowschemas', 'prioritylevelconfigurations'],
  'certificates.k8s.io': ['certificatesigningrequests', 'clustertrustbundles'],
  'resource.k8s.io': ['deviceclasses', 'resourceslices', 'devicetaintrules'],
  'metrics.k8s.io': ['nodes'],
}

/** Kinds of Kubernetes itself that lie in no namespace. Of others their cluster tells, by answering 404. */
export const isOfCluster = ({ group, resource }: KindRef): boolean =>
  Object.hasOwn(kinds, group) && (kinds[group]?.includes(resource) ?? false)
