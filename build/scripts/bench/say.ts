/** How far it has come; the results alone go to the standard output. */
export const say = (text: string): boolean => process.stderr.write(`${text}\n`)
