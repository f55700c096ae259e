/** Without what is taken for something else when it is read out: 32 letters and digits. */
const letters = 'abcdefghijkmnpqrstuvwxyz23456789'
const [length, group] = [20, 5]

/** 100 random bits in four groups, so that it can be read to somebody. */
export function newPassword(): string {
  // 32 divides 256, so that no letter is likelier than another.
  const random = crypto.getRandomValues(new Uint8Array(length))
  const text = Array.from(random, (it) => letters[it % letters.length]).join('')
  return text.match(new RegExp(`.{${group}}`, 'g'))?.join('-') ?? text
}
