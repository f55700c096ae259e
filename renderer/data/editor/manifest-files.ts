const isParted = /^(?:\uFEFF|\s|#[^\n]*\n)*---(?:\s|$)/

/** Documents behind those that are there, parted by `---` where they do not begin with it themselves. */
export function withDocuments(text: string, files: readonly string[]): string {
  return files.reduce((all, file) => {
    if (all.trim() === '') return file
    const before = all.endsWith('\n') ? all : `${all}\n`
    return isParted.test(file) ? before + file : `${before}---\n${file}`
  }, text)
}
