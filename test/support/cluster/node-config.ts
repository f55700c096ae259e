import type { Credentials } from './credentials.ts'

const quote = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`

export interface InitPaths {
  readonly folder: string
  readonly kubelet: string
  readonly nodeName: string
}

/**
 * The first process of the node's namespaces. Its mounts are its own: what containerd, runc, the network plugins
 * and the kubelet keep at fixed places of the machine goes to the run's folder.
 */
export const initScript = ({ folder, kubelet, nodeName }: InitPaths) => `set -eu
cd ${quote(folder)}
hide() { mount --bind "$1" "$2"; mount --make-private "$2"; mount --make-shared "$2"; }
# Volumes may be mounted in both directions only below a shared mount; this one is shared with nobody outside.
mount --make-rshared /
# The kubelet would set these for the whole machine; it finds them as it wants them instead.
tell() { [ ! -e "/proc/sys/$1" ] || { echo "$2" > "sys.$(basename "$1")"; mount --bind "sys.$(basename "$1")" "/proc/sys/$1"; }; }
tell vm/overcommit_memory 1
tell vm/panic_on_oom 0
tell kernel/panic 10
tell kernel/panic_on_oops 1
tell kernel/keys/root_maxkeys 1000000
tell kernel/keys/root_maxbytes 25000000
hide lib /var/lib
hide log /var/log
hide run /run
containerd --config ${quote(`${folder}/containerd.toml`)} &
until [ -S containerd.sock ]; do sleep 0.05; kill -0 $!; done
${quote(kubelet)} --config=kubelet.json --kubeconfig=kubelet.kubeconfig --hostname-override=${quote(nodeName)} \\
  --node-labels=gatehouse.test/node=real --cloud-provider=external &
wait $!
`

export interface ContainerdPaths {
  readonly folder: string
  readonly cniFolder: string
  readonly snapshotter: string
  readonly pauseImage: string
}

/** JSON strings are TOML strings. */
export const containerdConfig = ({
  folder,
  cniFolder,
  snapshotter,
  pauseImage,
}: ContainerdPaths) => {
  const at = (name: string) => JSON.stringify(`${folder}/${name}`)
  return `version = 2
root = ${at('containerd')}
state = ${at('run/containerd/state')}
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.internal.v1.tracing"]
[grpc]
  address = ${at('containerd.sock')}
[plugins."io.containerd.internal.v1.opt"]
  path = ${at('opt')}
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = ${JSON.stringify(pauseImage)}
  disable_apparmor = true
  # Without CAP_SYS_RESOURCE runc could not lower the score.
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = ${JSON.stringify(snapshotter)}
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        BinaryName = "runc"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = ${JSON.stringify(cniFolder)}
    conf_dir = ${at('cni')}
`
}

export const cniConfig = ({ bridge, subnet }: { bridge: string; subnet: string }) =>
  JSON.stringify({
    cniVersion: '0.4.0',
    name: bridge,
    plugins: [
      {
        type: 'bridge',
        bridge,
        isGateway: false,
        ipMasq: false,
        hairpinMode: true,
        ipam: {
          type: 'host-local',
          ranges: [
            [{ subnet: `${subnet}.0/24`, rangeStart: `${subnet}.10`, gateway: `${subnet}.1` }],
          ],
          routes: [{ dst: '0.0.0.0/0', gw: `${subnet}.1` }],
        },
      },
    ],
  })

export interface KubeletPaths {
  readonly folder: string
  readonly port: number
  readonly cgroupRoot: string
  readonly credentials: Credentials
}

export const kubeletConfig = ({ folder, port, cgroupRoot, credentials }: KubeletPaths) => ({
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  address: '127.0.0.1',
  port,
  readOnlyPort: 0,
  healthzPort: 0,
  // Only the API server may speak to it.
  authentication: {
    anonymous: { enabled: false },
    webhook: { enabled: false },
    x509: { clientCAFile: credentials.cert('ca') },
  },
  authorization: { mode: 'AlwaysAllow' },
  tlsCertFile: credentials.cert('node'),
  tlsPrivateKeyFile: credentials.key('node'),
  containerRuntimeEndpoint: `unix://${folder}/containerd.sock`,
  cgroupDriver: 'cgroupfs',
  cgroupRoot,
  failCgroupV1: false,
  failSwapOn: false,
  enforceNodeAllocatable: [],
  makeIPTablesUtilChains: false,
  clusterDNS: ['10.96.0.10'],
  clusterDomain: 'cluster.local',
  resolvConf: `${folder}/resolv.conf`,
  // A full disk of the machine must not evict the pods of a test.
  evictionHard: {
    'memory.available': '0%',
    'nodefs.available': '0%',
    'nodefs.inodesFree': '0%',
    'imagefs.available': '0%',
  },
  imageGCHighThresholdPercent: 100,
  imageGCLowThresholdPercent: 99,
  containerLogMaxSize: '1Mi',
  containerLogMaxFiles: 3,
  containerLogMonitorInterval: '3s',
  nodeStatusUpdateFrequency: '2s',
  syncFrequency: '10s',
  registerNode: true,
})
