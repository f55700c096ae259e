/** What was typed into a field, which holds it no longer. For what must not be kept: no state ever has it. */
export function takeText(field: HTMLInputElement | null): string {
  const text = field?.value ?? ''
  if (field) field.value = ''
  return text
}
