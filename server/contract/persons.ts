import { z } from 'zod'
import { operation } from './operation.ts'
import { byId, Moment, Password, PersonName, TypedPassword } from './text.ts'

export const Person = z.object({
  id: z.uuid(),
  name: PersonName,
  /** Administers the gateway itself; says nothing of rights in any cluster. */
  admin: z.boolean(),
  disabled: z.boolean(),
  createdAt: Moment,
})
export type Person = z.infer<typeof Person>

export const persons = {
  me: operation({
    method: 'GET',
    path: '/me',
    needs: 'person',
    summary: 'The person who asks.',
    input: z.object({}),
    output: Person,
  }),
  changePassword: operation({
    method: 'POST',
    path: '/me/password',
    needs: 'person',
    summary: 'Changes one’s own password and ends every other session.',
    input: z.object({ current: TypedPassword, next: Password }),
    output: z.void(),
  }),
  list: operation({
    method: 'GET',
    path: '/persons',
    needs: 'admin',
    summary: 'Every account.',
    input: z.object({}),
    output: z.array(Person),
  }),
  create: operation({
    method: 'POST',
    path: '/persons',
    needs: 'admin',
    summary: 'Makes an account with a first password.',
    input: z.object({ name: PersonName, password: Password, admin: z.boolean().default(false) }),
    output: Person,
  }),
  update: operation({
    method: 'PATCH',
    path: '/persons/:id',
    needs: 'admin',
    summary: 'Disables or enables an account, gives or takes administration, sets a new password.',
    input: byId.extend({
      admin: z.boolean().optional(),
      disabled: z.boolean().optional(),
      password: Password.optional(),
    }),
    output: Person,
  }),
  remove: operation({
    method: 'DELETE',
    path: '/persons/:id',
    needs: 'admin',
    summary: 'Removes an account with its grants and ends its sessions and streams.',
    input: byId,
    output: z.void(),
  }),
}
