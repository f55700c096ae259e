/** A gateway that dies in the middle of a rotation: `rotate-until-killed.ts <url> <key file> <when>`. */
import { openDatabase } from '../../../server/models/database.ts'
import { rotateKeys } from '../../../server/models/key-rotation.ts'
import { createKeySource, type KeySet } from '../../../server/models/key-source.ts'
import { openSealing } from '../../../server/models/sealing.ts'

const [url = '', path = '', when] = process.argv.slice(2)
const die = () => process.kill(process.pid, 'SIGKILL')

const db = await openDatabase(url)
const source = createKeySource({ status: 'file', path })
const sealing = await openSealing(db, source)

let rewrapped = 0
db.profiles.addHook('afterBulkUpdate', () => {
  // In the second batch, so that one is committed and one is not.
  if (when === 'while re-wrapping' && ++rewrapped === 150) die()
})
const write = (next: KeySet) => {
  source.write?.(next)
  if (when === 'with a new key' && next.keys.size > 1) die()
  if (when === 'without the old key' && next.keys.size === 1) die()
}
await rotateKeys(db, sealing, { ...source, write }, 0)
