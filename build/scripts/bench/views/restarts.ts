/** How `restartPatch` is sent. */
export const patchType = 'application/json-patch+json'

/** What is changed of a pod: its second container was started once more, and each tenth time it fails. */
export const restartPatch = (count: number): string => {
  const path = '/status/containerStatuses/1'
  const fails = count % 10 === 0
  return JSON.stringify([
    { op: 'replace', path: `${path}/restartCount`, value: count },
    { op: 'replace', path: `${path}/ready`, value: !fails },
    { op: 'replace', path: `${path}/state`, value: fails ? crashing : running },
  ])
}

const running = { running: { startedAt: '2026-01-01T00:00:00Z' } }
const crashing = { waiting: { reason: 'CrashLoopBackOff' } }
