/** Hues that are told apart from each other and from the colours of states, in both themes. */
const colors = [
  '#2b7a91',
  '#7454c4',
  '#a0602a',
  '#33804f',
  '#ad4374',
  '#566b88',
  '#77741f',
  '#3f6fc4',
  '#96514a',
  '#2a7d75',
] as const

/** Always the same colour for a cluster, on every machine. */
export function clusterColor(cluster: string): string {
  let sum = 0
  for (const char of cluster) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) >>> 0
  return colors[sum % colors.length] ?? colors[0]
}

/** Two letters: of the first two words, else of the name. */
export function clusterInitials(cluster: string): string {
  const [first = '', second] = cluster.split('-').filter(Boolean)
  return second ? first.slice(0, 1) + second.slice(0, 1) : first.slice(0, 2)
}
