import { z } from 'zod'
import { notFound } from '../contract/errors.ts'
import type { secrets } from '../contract/secrets.ts'
import type { ClusterActor } from '../policies/caller.ts'
import { readAs } from './cluster-answers.ts'
import { openPlace, type ClusterDeps } from './cluster-calls.ts'

type Input = z.output<(typeof secrets)['reveal']['input']>
type Answer = z.output<(typeof secrets)['reveal']['output']>

const Secret = z.object({ data: z.record(z.string(), z.string()).nullish() })

/** One value of a Secret. Which key is on record before the value is read; the value never is. */
export async function revealSecret(
  deps: ClusterDeps,
  actor: ClusterActor,
  { cluster, profile, namespace, name, key }: Input,
): Promise<Answer> {
  const place = await openPlace(deps, actor, { cluster, profile })
  const detail = { key }
  actor.about({ detail })
  const { body } = await place.call({
    method: 'GET',
    group: '',
    version: 'v1',
    resource: 'secrets',
    namespace,
    name,
    recorded: true,
    detail,
  })
  const data = readAs(Secret, body, place.place).data ?? {}
  const value = Object.hasOwn(data, key) ? data[key] : undefined
  if (value === undefined) throw notFound(`The key "${key}" of the Secret "${name}"`)
  return decoded(Buffer.from(value, 'base64'))
}

function decoded(bytes: Buffer): Answer {
  try {
    const value = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    // A zero byte is in no text that people write.
    if (!value.includes('\0')) return { value, encoding: 'text', bytes: bytes.length }
  } catch {
    // Not UTF-8.
  }
  return { value: bytes.toString('base64'), encoding: 'base64', bytes: bytes.length }
}
