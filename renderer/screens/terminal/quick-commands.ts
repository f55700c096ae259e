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
