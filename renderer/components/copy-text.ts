/** Puts text on the clipboard; the old way where a page may not by itself. */
export async function copyText(text: string): Promise<void> {
  if (text === '') return
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    const field = document.createElement('textarea')
    field.value = text
    field.setAttribute('readonly', '')
    field.className = 'gh-visually-hidden'
    document.body.append(field)
    field.select()
    // oxlint-disable-next-line typescript/no-deprecated -- what is left without the permission
    document.execCommand('copy')
    field.remove()
  }
}
