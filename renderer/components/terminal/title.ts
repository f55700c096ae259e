// Control signs, and those that turn the direction of writing: a program must not dress up as something else.
// oxlint-disable-next-line no-control-regex
const unwanted = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/** A title that a program gave itself, fit to be shown. */
export const cleanTitle = (title: string): string => {
  const clean = title.replace(unwanted, '').trim()
  return clean.length > 80 ? `${clean.slice(0, 79)}…` : clean
}
