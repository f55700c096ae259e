import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The policies that keep every pod away from the machine; read from files, so that no admin of the cluster can change them. */
export const hostPolicies = ['pods.gatehouse.static.k8s.io', 'volumes.gatehouse.static.k8s.io']

/** Writes the API server's admission configuration and gives its flags. */
export async function protectHost(folder: string): Promise<readonly string[]> {
  const policies = join(folder, 'policies')
  const config = join(folder, 'admission.json')
  await mkdir(policies, { recursive: true, mode: 0o700 })
  await writeFile(
    join(policies, 'host.json'),
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: [
        ...policy('pods', podRules(), ['', 'pods', 'pods/ephemeralcontainers']),
        ...policy('volumes', volumeRules, ['', 'persistentvolumes']),
      ],
    }),
  )
  const name = 'ValidatingAdmissionPolicy'
  const configuration = {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyConfiguration',
    staticManifestsDir: policies,
  }
  await writeFile(
    config,
    JSON.stringify({
      apiVersion: 'apiserver.config.k8s.io/v1',
      kind: 'AdmissionConfiguration',
      plugins: [{ name, configuration }],
    }),
  )
  return [
    '--feature-gates=ManifestBasedAdmissionControlConfig=true',
    `--admission-control-config-file=${config}`,
  ]
}

interface Rule {
  readonly expression: string
  readonly message: string
}

function policy(of: string, validations: readonly Rule[], [group, ...resources]: string[]) {
  const apiVersion = 'admissionregistration.k8s.io/v1'
  const metadata = { name: `${of}.gatehouse.static.k8s.io` }
  const rule = {
    apiGroups: [group],
    apiVersions: ['*'],
    operations: ['CREATE', 'UPDATE'],
    resources,
  }
  return [
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicy',
      metadata,
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: { resourceRules: [rule] },
        variables: of === 'pods' ? [allContainers] : [],
        validations,
      },
    },
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: { policyName: metadata.name, validationActions: ['Deny'] },
    },
  ]
}

const allContainers = {
  name: 'containers',
  expression:
    'object.spec.containers + object.spec.?initContainers.orValue([]) + object.spec.?ephemeralContainers.orValue([])',
}

const harmlessVolumes = [
  'configMap',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]

/** What a container runtime gives anyway. */
const usualCapabilities = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]

function podRules(): Rule[] {
  const sandbox = 'in this sandbox a pod cannot'
  const every = (what: string) => `variables.containers.all(c, ${what})`
  const probes = [
    'livenessProbe',
    'readinessProbe',
    'startupProbe',
    'lifecycle.?postStart',
    'lifecycle.?preStop',
  ]
  const ownHost = probes.flatMap((probe) =>
    ['httpGet', 'tcpSocket'].map((how) => `c.?${probe}.?${how}.?host.orValue("") == ""`),
  )
  const security = 'c.?securityContext'
  return [
    {
      expression: ['hostNetwork', 'hostPID', 'hostIPC']
        .map((it) => `!object.spec.?${it}.orValue(false)`)
        .join(' && '),
      message: `${sandbox} share the namespaces of its host`,
    },
    {
      expression: `object.spec.?volumes.orValue([]).all(v, ${harmlessVolumes.map((it) => `has(v.${it})`).join(' || ')})`,
      message: `${sandbox} mount anything of its host; allowed are ${harmlessVolumes.join(', ')}`,
    },
    {
      expression: every(
        `!${security}.?privileged.orValue(false) && ${security}.?procMount.orValue("Default") == "Default" && ` +
          `${security}.?capabilities.?add.orValue([]).all(k, k in ${JSON.stringify(usualCapabilities)})`,
      ),
      message: `${sandbox} be privileged`,
    },
    {
      expression:
        'object.spec.?securityContext.?seccompProfile.?type.orValue("") != "Unconfined" && ' +
        'object.spec.?securityContext.?sysctls.orValue([]).size() == 0 && ' +
        every(`${security}.?seccompProfile.?type.orValue("") != "Unconfined"`),
      message: `${sandbox} loosen its system call filter or set kernel parameters`,
    },
    {
      expression: every('c.?ports.orValue([]).all(p, p.?hostPort.orValue(0) == 0)'),
      message: `${sandbox} take ports of its host`,
    },
    {
      expression: every(ownHost.join(' && ')),
      message: `${sandbox} be probed at another address than its own`,
    },
  ]
}

const volumeRules: readonly Rule[] = [
  {
    expression: 'has(object.spec.csi)',
    message: 'in this sandbox a volume cannot be a folder or device of the host',
  },
]
