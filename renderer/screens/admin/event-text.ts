import type { Event } from '#gateway/events.ts'

type Done = Pick<Event, 'action' | 'phase' | 'verb' | 'group' | 'resource' | 'subresource'>

/** What an event was about, in a few words: `list pods`, `view deployments.apps`, `terminal pods/exec`. */
export function whatOf({ action, phase, verb, group, resource, subresource }: Done): string {
  const kind = [resource, group].filter(Boolean).join('.')
  const object = [kind, subresource].filter(Boolean).join('/')
  // A call of kubectl is told by its verb; what the gateway does itself has a name of its own.
  const what = [action === 'proxy' ? verb : action, object].filter(Boolean).join(' ')
  return phase === 'event' ? what : `${what} (${phase})`
}
