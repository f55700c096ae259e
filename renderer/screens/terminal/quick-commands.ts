/** Questions that one asks in almost every container; all of them only read. */
export const quickCommands = [
  'ls -la',
  'env | sort',
  'ps aux',
  'df -h',
  'free -m',
  'cat /etc/os-release',
  'cat /etc/resolv.conf',
  'id',
  'date',
] as const

/** The same on one’s own machine, about the cluster that the shell leads to. */
export const localCommands = [
  'kubectl get pods',
  'kubectl get nodes',
  'kubectl get events --sort-by=.lastTimestamp',
  'kubectl top pods',
  'kubectl auth whoami',
  'helm list',
  'k9s --readonly',
] as const
