import { Event } from '#gateway/events.ts'

export type EventField = keyof typeof Event.shape

const fields = Object.keys(Event.shape) as EventField[]

/** Everything a record says, in the order of the contract; what it does not say is left out. */
export const fieldsOf = (event: Event): readonly (readonly [EventField, string])[] =>
  fields.flatMap((field) => {
    const text = textOf(event[field])
    return text === '' ? [] : [[field, text] as const]
  })

function textOf(value: Event[EventField]): string {
  if (value === undefined) return ''
  if (Array.isArray(value)) return value.join(', ')
  if (typeof value !== 'object') return String(value)
  return Object.entries(value)
    .map(([key, text]) => `${key}: ${text}`)
    .join('\n')
}
