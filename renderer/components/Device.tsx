const browsers = [
  [/Edg\//, 'Edge'],
  [/Firefox\//, 'Firefox'],
  [/Chrom/, 'Chrome'],
  [/Safari\//, 'Safari'],
] as const
const systems = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
] as const

const first = (names: readonly (readonly [RegExp, string])[], text: string) =>
  names.find(([pattern]) => pattern.test(text))?.[1]

/** What a browser says of itself is long; the words that tell devices apart are two. */
function deviceText(name: string): string {
  if (!name.startsWith('Mozilla/')) return name
  const words = [first(browsers, name), first(systems, name)].filter(Boolean)
  return words.length === 0 ? name : words.join(' · ')
}

/** The device of a session by the name it gave; in full on hover. */
export const Device = ({ name }: { name: string }) => <span title={name}>{deviceText(name)}</span>
