import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { type Attempt, type Audit, openAudit } from '../../../server/audit/index.ts'
import { verifyExport } from '../../../server/audit/verify-file.ts'
import { type Database, openDatabase } from '../../../server/models/database.ts'

export const silent = pino({ level: 'silent' })
export const newKey = () => generateKeyPairSync('ed25519').privateKey

export interface World {
  readonly db: Database
  readonly audit: Audit
  /** Ends this run and begins the next one on the same chain, with what `between` did to it. */
  restart(between?: (db: Database) => Promise<unknown>): Promise<World>
  readonly close: () => Promise<void>
}

/** A database with one chain that this process writes. */
export async function openWorld(url: string, writer = 'here', key = newKey()): Promise<World> {
  const db = await openDatabase(url)
  const audit = await openAudit({ db, key, writer, log: silent })
  const close = async () => {
    await audit.close()
    await db.close()
  }
  return {
    db,
    audit,
    close,
    async restart(between) {
      await audit.close()
      await between?.(db)
      await db.close()
      return openWorld(url, writer, key)
    },
  }
}

export const attempt = (more: Partial<Attempt> = {}): Attempt => ({
  id: randomUUID(),
  action: 'proxy',
  result: 'allowed',
  person: 'alice',
  personId: randomUUID(),
  session: randomUUID(),
  cluster: 'prod',
  namespace: 'shop',
  resource: 'pods',
  verb: 'delete',
  path: '/api/v1/namespaces/shop/pods/web-1',
  status: 200,
  ...more,
})

/** An intent and its outcome, as every change leaves them. */
export async function change(audit: Audit, more: Partial<Attempt> = {}): Promise<Attempt> {
  const made = attempt(more)
  await audit.intent(made)
  await audit.outcome(made)
  return made
}

export async function exported(audit: Audit): Promise<string> {
  let text = ''
  for await (const chunk of audit.export({})) text += chunk
  return text
}

/** What an auditor would find out about the whole export. */
export const verdictOf = ({ audit }: World) =>
  verifyExport(audit.export({}), audit.chain().publicKeyPem)

export async function eventsOf({ audit }: World, filter = {}) {
  return (await audit.list(filter, { limit: 1000 })).events.reverse()
}
