/** A pod with this annotation shows a state that needs attention; its value is one of the states below. */
export const simulatedState = 'gatehouse.test/state'

const stage = (name: string, kind: 'Node' | 'Pod', matchExpressions: object[], next: object) => ({
  apiVersion: 'kwok.x-k8s.io/v1alpha1',
  kind: 'Stage',
  metadata: { name },
  spec: { resourceRef: { apiGroup: 'v1', kind }, selector: { matchExpressions }, next },
})

const kept = { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' }
const state = `.metadata.annotations["${simulatedState}"]`
const phaseIs = (phase: string) => ({ key: '.status.phase', operator: 'In', values: [phase] })

const nodeReady = `
{{ $now := Now }}
conditions:
{{ range NodeConditions }}
- type: {{ .type | Quote }}
  status: {{ .status | Quote }}
  reason: {{ .reason | Quote }}
  message: {{ .message | Quote }}
  lastHeartbeatTime: {{ $now | Quote }}
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
addresses:
- { type: InternalIP, address: {{ NodeIP | Quote }} }
- { type: Hostname, address: {{ .metadata.name | Quote }} }
{{ with NodePort }}
daemonEndpoints: { kubeletEndpoint: { Port: {{ . }} } }
{{ end }}
nodeInfo:
  architecture: amd64
  bootID: ""
  containerRuntimeVersion: {{ printf "kwok-%s" Version | Quote }}
  kernelVersion: {{ printf "kwok-%s" Version | Quote }}
  kubeProxyVersion: {{ printf "kwok-%s" Version | Quote }}
  kubeletVersion: {{ printf "kwok-%s" Version | Quote }}
  machineID: ""
  operatingSystem: linux
  osImage: simulated
  systemUUID: ""
phase: Running
`

const conditions = (ready: string) => `
conditions:
- { type: PodReadyToStartContainers, status: "True", lastTransitionTime: {{ $now | Quote }} }
- { type: Initialized, status: "True", lastTransitionTime: {{ $now | Quote }} }
- { type: Ready, status: "${ready}", lastTransitionTime: {{ $now | Quote }} }
- { type: ContainersReady, status: "${ready}", lastTransitionTime: {{ $now | Quote }} }
- { type: PodScheduled, status: "True", lastTransitionTime: {{ $now | Quote }} }
{{ range .spec.readinessGates }}
- { type: {{ .conditionType | Quote }}, status: "${ready}", lastTransitionTime: {{ $now | Quote }} }
{{ end }}
`

const addresses = `
{{ with NodeIPsWith .spec.nodeName }}
hostIP: {{ index . 0 | Quote }}
hostIPs: [{ ip: {{ index . 0 | Quote }} }]
{{ end }}
{{ with PodIPsWith .spec.nodeName (or .spec.hostNetwork false) (or .metadata.uid "") (or .metadata.name "") (or .metadata.namespace "") }}
podIP: {{ index . 0 | Quote }}
podIPs: [{ ip: {{ index . 0 | Quote }} }]
{{ end }}
`

const initContainers = `
initContainerStatuses:
{{ range .spec.initContainers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
  ready: true
  restartCount: 0
  {{ if eq (or .restartPolicy "") "Always" }}
  started: true
  state: { running: { startedAt: {{ $now | Quote }} } }
  {{ else }}
  state: { terminated: { exitCode: 0, reason: Completed, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }} } }
  {{ end }}
{{ end }}
`

interface Shown {
  readonly phase: string
  readonly ready: boolean
  readonly restarts?: number
  readonly state: string
}

const podStatus = ({ phase, ready, restarts = 0, state }: Shown) => `
{{ $now := Now }}
${conditions(ready ? 'True' : 'False')}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
  ready: ${ready}
  started: ${ready}
  restartCount: ${restarts}
  ${state}
{{ end }}
${initContainers}
${addresses}
phase: ${phase}
startTime: {{ or .status.startTime $now | Quote }}
`

const running = 'state: { running: { startedAt: {{ $now | Quote }} } }'
const ended = (exitCode: number, reason: string) =>
  `{ terminated: { exitCode: ${exitCode}, reason: ${reason}, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }} } }`
const crashing = `state: { waiting: { reason: CrashLoopBackOff, message: "back-off 5m0s restarting failed container" } }
  lastState: ${ended(1, 'Error')}`
const unpulled =
  'state: { waiting: { reason: ImagePullBackOff, message: "Back-off pulling image: not found" } }'

const states: Readonly<Record<string, Shown>> = {
  'crash-loop': { phase: 'Running', ready: false, restarts: 7, state: crashing },
  'image-pull': { phase: 'Pending', ready: false, state: unpulled },
  failed: { phase: 'Failed', ready: false, state: `state: ${ended(1, 'Error')}` },
}

/** How simulated nodes and pods live: at once, and without any process behind them. */
export const stages: readonly object[] = [
  stage(
    'node-ready',
    'Node',
    [
      {
        key: '.status.conditions.[] | select( .type == "Ready" ) | .status',
        operator: 'NotIn',
        values: ['True'],
      },
    ],
    { statusTemplate: nodeReady },
  ),
  stage('pod-ready', 'Pod', [kept, phaseIs('Pending'), { key: state, operator: 'DoesNotExist' }], {
    statusTemplate: podStatus({ phase: 'Running', ready: true, state: running }),
  }),
  ...Object.entries(states).map(([name, shown]) =>
    stage(
      `pod-${name}`,
      'Pod',
      [
        kept,
        phaseIs('Pending'),
        { key: state, operator: 'In', values: [name] },
        // Once shown it stays: a pod that waits for its image is still pending.
        { key: '.status.startTime', operator: 'DoesNotExist' },
      ],
      { statusTemplate: podStatus(shown) },
    ),
  ),
  stage(
    'pod-complete',
    'Pod',
    [
      kept,
      phaseIs('Running'),
      { key: '.metadata.ownerReferences.[].kind', operator: 'In', values: ['Job'] },
    ],
    {
      statusTemplate: podStatus({
        phase: 'Succeeded',
        ready: false,
        state: `state: ${ended(0, 'Completed')}`,
      }),
    },
  ),
  stage('pod-delete', 'Pod', [{ key: '.metadata.deletionTimestamp', operator: 'Exists' }], {
    delete: true,
  }),
]
