import { z } from 'zod'

/** The name of a cluster or profile in addresses: lower case, so that no two differ by case alone. */
export const Slug = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'use a-z, 0-9 and - (63 characters at most)')

/** A sign-in name. Lower case for the same reason. */
export const PersonName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9._@+-]{0,126}[a-z0-9])?$/, 'use a-z, 0-9 and . _ @ + - (128 at most)')

export const Password = z.string().min(12, 'use at least 12 characters').max(256)

/** What a caller typed as a password: any length that can be hashed, so that old ones still work. */
export const TypedPassword = z.string().min(1).max(256)

/** A Kubernetes namespace. */
export const Namespace = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'not a namespace name')

export const Moment = z.iso.datetime('write a time as 2026-11-22T08:00:00Z')

export const byId = z.object({ id: z.uuid() })

/** Text for people: no character that could end a line, fool a terminal or be refused by a database. */
export const label = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .regex(/^[^\p{Cc}\p{Cf}\u2028\u2029]*$/u, 'use no control characters')
