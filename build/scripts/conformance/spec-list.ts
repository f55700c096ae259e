/** Specs of one area that begin with the same words; together they are the name that Kubernetes gives a spec. */
export interface SpecGroup {
  readonly area: string
  readonly under: string
  readonly specs: readonly string[]
}

/**
 * What must have the same result through the gateway: all of it passes directly on the cluster of the
 * tests, needs no image but agnhost, busybox and pause, and takes seconds.
 */
export const groups: readonly SpecGroup[] = [
  {
    area: 'discovery',
    under: '[sig-api-machinery]',
    specs: [
      'AggregatedDiscovery should support aggregated discovery interface [Conformance]',
      'AggregatedDiscovery should support aggregated discovery interface for CRDs [Conformance]',
      'AggregatedDiscovery should support raw aggregated discovery endpoint Accept headers [Conformance]',
      'AggregatedDiscovery should support raw aggregated discovery request for CRDs [Conformance]',
      'Discovery should accurately determine present and missing resources',
      'Discovery should locate the groupVersion and a resource within each APIGroup [Conformance]',
      'Discovery should validate PreferredVersion for each APIGroup [Conformance]',
      'OpenAPIV3 should publish OpenAPI V3 for CustomResourceDefinition',
      'OpenAPIV3 should round trip OpenAPI V3 for all built-in group versions',
      'server version should find the server version [Conformance]',
    ],
  },
  {
    area: 'reading',
    under: '[sig-api-machinery]',
    specs: [
      'Servers with support for API chunking should return chunks of results for list calls [Conformance]',
      'Servers with support for Table transformation should return a 406 for a backend which does not implement metadata [Conformance]',
      'Servers with support for Table transformation should return chunks of table results for list calls',
      'Servers with support for Table transformation should return generic metadata details across all namespaces for nodes',
      'Servers with support for Table transformation should return pod details',
      'Server request timeout default timeout should be used if the specified timeout in the request URL is 0s',
      'Server request timeout should return HTTP status code 400 if the user specifies an invalid timeout in the request URL',
      'Server request timeout the request should be served with a default timeout if the specified timeout in the request URL exceeds maximum allowed',
    ],
  },
  {
    area: 'watching',
    under: '[sig-api-machinery]',
    specs: [
      'Watchers should be able to restart watching from the last resource version observed by the previous watch [Conformance]',
      'Watchers should be able to start watching from a specific resource version [Conformance]',
      'Watchers should observe an object deletion if it stops meeting the requirements of the selector [Conformance]',
      'Watchers should receive events on concurrent watches in same order [Conformance]',
      'client-go should negotiate watch and report errors with accept "application/json"',
      'client-go should negotiate watch and report errors with accept "application/vnd.kubernetes.protobuf,application/json"',
      'API Streaming (aka. WatchList) [FeatureGate:WatchList] [Beta] server supports sending resources in Table format',
      'API Streaming (aka. WatchList) [FeatureGate:WatchList] [Beta] should be requested by informers when WatchListClient is enabled',
      'API Streaming (aka. WatchList) [FeatureGate:WatchList] [Beta] should be requested by metadatainformer when WatchListClient is enabled',
      'CustomResourceFieldSelectors [Privileged:ClusterAdmin] CustomResourceFieldSelectors MUST list and watch custom resources matching the field selector [Conformance]',
      'Generated clientset should create v1 cronJobs, delete cronJobs, watch cronJobs',
    ],
  },
  {
    area: 'writing',
    under: '[sig-api-machinery]',
    specs: [
      'CustomResourceDefinition resources [Privileged:ClusterAdmin] Simple CustomResourceDefinition getting/updating/patching custom resource definition status sub-resource works [Conformance]',
      'CustomResourceDefinition resources [Privileged:ClusterAdmin] custom resource defaulting for requests and from storage works [Conformance]',
      'CustomResourceValidationRules [Privileged:ClusterAdmin] MUST fail validation for create of a custom resource that does not satisfy the x-kubernetes-validations rules',
      'FieldValidation should create/apply a valid CR for CRD with validation schema [Conformance]',
      'FieldValidation should detect unknown and duplicate fields of a typed object [Conformance]',
      'FieldValidation should detect unknown metadata fields of a typed object [Conformance]',
      'Garbage collector should delete RS created by deployment when not orphaning [Conformance]',
      'Garbage collector should not be blocked by dependency circle [Conformance]',
      'OrderedNamespaceDeletion namespace deletion should delete pod first [Conformance]',
      'ResourceQuota should manage the lifecycle of a ResourceQuota [Conformance]',
      'ServerSideApply should ignore conflict errors if force apply is used',
      'ServerSideApply should remove a field if it is owned but removed in the apply request',
      'ServerSideApply should work for subresources',
      'ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should support ValidatingAdmissionPolicy API operations [Conformance]',
      'API priority and fairness should support FlowSchema API operations [Conformance]',
    ],
  },
  {
    area: 'accounts and rights',
    under: '[sig-auth]',
    specs: [
      'Certificates API [Privileged:ClusterAdmin] should support CSR API operations [Conformance]',
      'SelfSubjectReview testing SSR in different API groups authentication/v1',
      'ServiceAccounts no secret-based service account token should be auto-generated',
      'ServiceAccounts should allow opting out of API token automount [Conformance]',
      'ServiceAccounts should create a serviceAccountToken and ensure a successful TokenReview [Conformance]',
      'ServiceAccounts should guarantee kube-root-ca.crt exist in any namespace [Conformance]',
      'ServiceAccounts should mount projected service account token [Conformance]',
      'ServiceAccounts should run through the lifecycle of a ServiceAccount [Conformance]',
      'ServiceAccounts should update a ServiceAccount [Conformance]',
    ],
  },
  {
    area: 'exec and attach',
    under: '[sig-cli] Kubectl client',
    specs: [
      'Simple pod should support exec',
      'Simple pod should support exec through kubectl proxy',
      'Simple pod should support exec using resource/name',
      'Simple pod should return command exit codes execing into a container with a successful command',
      'Simple pod should return command exit codes execing into a container with a failing command',
      'Simple pod Kubectl run running a successful command',
      'Simple pod Kubectl run running a failing command',
      'Simple pod should support inline execution and attach',
      'Simple pod should support inline execution and attach with websockets or fallback to spdy',
      'Kubectl copy should copy a file from a running Pod',
    ],
  },
  {
    area: 'port-forward',
    under: '[sig-cli]',
    specs: [
      'Kubectl client Simple pod should return command exit codes should support port-forward',
      'Kubectl Port forwarding Shutdown client connection while the remote stream is writing data to the port-forward connection port-forward should keep working after detect broken connection',
      'Kubectl Port forwarding With a server listening on 0.0.0.0 that expects NO client request should support a client that connects, sends DATA, and disconnects',
      'Kubectl Port forwarding With a server listening on 0.0.0.0 that expects a client request should support a client that connects, sends DATA, and disconnects',
      'Kubectl Port forwarding With a server listening on 0.0.0.0 that expects a client request should support a client that connects, sends NO DATA, and disconnects',
      'Kubectl Port forwarding With a server listening on localhost that expects NO client request should support a client that connects, sends DATA, and disconnects',
      'Kubectl Port forwarding With a server listening on localhost that expects a client request should support a client that connects, sends DATA, and disconnects',
      'Kubectl Port forwarding With a server listening on localhost that expects a client request should support a client that connects, sends NO DATA, and disconnects',
      'Kubectl Port forwarding with a pod being removed should stop port-forwarding',
    ],
  },
  {
    area: 'logs',
    under: '[sig-cli]',
    specs: [
      'Kubectl client Simple pod should contain last line of the log',
      'Kubectl logs all pod logs the Deployment has 2 replicas and each pod has 2 containers should get logs from each pod and each container in Deployment',
      'Kubectl logs default container logs the second container is the default-container by annotation should log default container if not specified',
      'Kubectl logs logs should be able to retrieve and filter logs [Conformance]',
    ],
  },
  {
    area: 'kubectl',
    under: '[sig-cli] Kubectl client',
    specs: [
      'Kubectl api-versions should check if v1 is in available api versions [Conformance]',
      'Kubectl apply apply set/view last-applied',
      'Kubectl apply should apply a new configuration to an existing RC',
      'Kubectl apply should reuse port when apply to an existing SVC',
      'Kubectl cluster-info dump should check if cluster-info dump succeeds',
      'Kubectl create quota should create a quota with scopes',
      'Kubectl create quota should reject quota with invalid scopes',
      'Kubectl describe should check if kubectl describe prints relevant information for cronjob',
      'Kubectl describe should check if kubectl describe prints relevant information for rc and pods [Conformance]',
      'Kubectl diff should check if kubectl diff finds a difference for Deployments [Conformance]',
      'Kubectl events should show event when pod is created',
      'Kubectl expose should create services for rc [Conformance]',
      'Kubectl get componentstatuses should get componentstatuses',
      'Kubectl label should update the label on a resource [Conformance]',
      'Kubectl patch should add annotations for pods in rc [Conformance]',
      'Kubectl prune with applyset should apply and prune objects',
      'Kubectl server-side dry-run should check if kubectl can dry-run update Pods [Conformance]',
      'Kubectl taint [Serial] should update the taint on a node',
      'Kubectl validation should create/apply a valid CR for CRD with validation schema',
      'Kubectl version should check is all data is printed [Conformance]',
      'Proxy server should support --unix-socket=/path [Conformance]',
      'Proxy server should support proxy with --port 0 [Conformance]',
      'kubectl subresource flag GET on status subresource of built-in type (node) returns identical info as GET on the built-in type',
      'kubectl wait should ignore not found error with --for=delete',
    ],
  },
  {
    area: 'kubectl',
    under: '[sig-cli]',
    specs: [
      'Kubectl delete interactive based on user confirmation input',
      'Kubectl rollout undo undo should rollback and update deployment env',
    ],
  },
  {
    area: 'pods',
    under: '[sig-node]',
    specs: [
      'Ephemeral Containers [NodeConformance] will start an ephemeral container in an existing pod [Conformance]',
      'Lease lease API should be available [Conformance]',
      'PodTemplates should run the lifecycle of PodTemplates [Conformance]',
      'Pods should be submitted and removed [NodeConformance] [Conformance]',
      'Pods should delete a collection of pods [Conformance]',
      'Pods should run through the lifecycle of Pods and PodStatus [Conformance]',
      'Secrets should patch a secret [Conformance]',
    ],
  },
  {
    area: 'proxy',
    under: '[sig-network] Proxy version v1',
    specs: [
      'A set of valid responses are returned for both pod and service ProxyWithPath [Conformance]',
    ],
  },
]

/** What one would look for in the list, and why it is not there. */
export const leftOut: readonly { readonly what: string; readonly why: string }[] = [
  {
    what: 'Services, DNS, NodePorts, Guestbook, ServiceAccountIssuerDiscovery, in-cluster configuration',
    why: 'there is neither kube-proxy nor DNS, and pods cannot reach the API server',
  },
  {
    what: 'Aggregator, Update Demo, kubectl debug, Deployments of nginx',
    why: 'they need images that are published in registries only (sample-apiserver, nautilus, nginx)',
  },
  {
    what: 'Proxy version v1 should proxy through a service and a pod',
    why: 'agnhost has its TLS certificate in the published image only; ProxyWithPath covers plain HTTP',
  },
  {
    what: 'Proxy version v1 should proxy logs on node',
    why: 'the kubelet of this cluster does not serve the logs of its machine',
  },
  {
    what: 'Kubectl client Simple pod should support exec through an HTTP proxy',
    why: 'Kubernetes skips it for an API server on 127.0.0.1',
  },
  {
    what: 'SubjectReview, NodeAuthorizer, API priority and fairness with several users',
    why: 'they impersonate; what is refused anyway looks like their result, and proves nothing',
  },
  {
    what: 'Slow specs (300 s of silence in an exec, 1000 execs) and disruptive ones (restarts, upgrades)',
    why: 'minutes each; the streams that outlive silence have tests of their own',
  },
]
