// A gateway’s audit in a process of its own, to be killed in the middle of its work.
import { createPrivateKey } from 'node:crypto'
import { openAudit } from '../../../server/audit/index.ts'
import { openDatabase } from '../../../server/models/database.ts'
import { attempt, change, silent } from './chains.ts'

const [url = '', pem = ''] = process.argv.slice(2)
const audit = await openAudit({
  db: await openDatabase(url),
  key: createPrivateKey(pem),
  writer: 'here',
  log: silent,
})
for (let turn = 1; ; turn++) {
  await change(audit, { name: `done-${turn}` })
  const open = attempt({ name: `open-${turn}` })
  await audit.intent(open)
  // Whoever reads this line knows that both are committed.
  process.stdout.write(`${turn} ${open.id}\n`)
}
