import { Suspense } from 'react'
import { named } from '../lazy.ts'
import { endAction, useActionRequest } from './requests.ts'

const BulkDialog = named(() => import('./BulkDialog.tsx'), 'BulkDialog')
const RollBackDialog = named(() => import('./RollBackDialog.tsx'), 'RollBackDialog')
const DebugDialog = named(() => import('./DebugDialog.tsx'), 'DebugDialog')
const ForwardDialog = named(() => import('./ForwardDialog.tsx'), 'ForwardDialog')

/** The dialog of the action that somebody has asked for. */
export function ActionDialogs() {
  return (
    <Suspense>
      <Dialog />
    </Suspense>
  )
}

function Dialog() {
  const { request } = useActionRequest()
  switch (request.action) {
    case 'none':
      return null
    case 'rollBack':
      return <RollBackDialog target={request.target} onClose={endAction} />
    case 'debug':
      return <DebugDialog target={request.target} onClose={endAction} />
    case 'forward':
      return <ForwardDialog target={request.target} onClose={endAction} />
    case 'remove':
      return (
        <BulkDialog
          action="remove"
          targets={request.targets}
          uids={request.uids}
          onClose={endAction}
        />
      )
    default:
      return <BulkDialog action={request.action} targets={request.targets} onClose={endAction} />
  }
}
