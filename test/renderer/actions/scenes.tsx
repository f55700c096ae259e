import '@mantine/core/styles.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { useState } from 'react'
import { createRoot } from 'react-dom/client'
import type { KubernetesObject, ObjectRef, Place } from '#gateway/place.ts'
import { ActionDialogs } from '../../../renderer/app/actions/ActionDialogs.tsx'
import { endAction } from '../../../renderer/app/actions/requests.ts'
import { useActions } from '../../../renderer/app/actions/use-actions.ts'
import { useDock } from '../../../renderer/app/dock.ts'
import type { ListRoute } from '../../../renderer/app/route-text.ts'
import { queries } from '../../../renderer/data/queries.ts'
import { ImportDialog } from '../../../renderer/screens/admin/ImportDialog.tsx'
import { ActionStrip } from '../../../renderer/screens/drawer/ActionStrip.tsx'
import { Containers } from '../../../renderer/screens/drawer/Containers.tsx'
import { Events } from '../../../renderer/screens/drawer/Events.tsx'
import { Relations } from '../../../renderer/screens/drawer/Relations.tsx'
import { SecretData } from '../../../renderer/screens/drawer/SecretData.tsx'
import { containersOf, shapeOf } from '../../../renderer/screens/drawer/shape.ts'
import { ApplyPane } from '../../../renderer/screens/editor/ApplyPane.tsx'
import '../../../renderer/styles/tokens.css'
import '../../../renderer/styles/mantine.css'
import '../../../renderer/styles/base.css'
import { emptyView } from '../../../renderer/data/view-state.ts'
import { ListToolbar } from '../../../renderer/screens/list/ListToolbar.tsx'
import { useColumns } from '../../../renderer/screens/list/use-columns.ts'
import { startTexts } from '../../../renderer/texts/texts.ts'

export type Scene =
  | { readonly show: 'nothing' }
  | { readonly show: 'actions'; readonly targets: readonly ObjectRef[]; readonly uids?: string[] }
  | {
      readonly show: 'object'
      readonly target: ObjectRef
      readonly object: KubernetesObject
      readonly kind: string
    }
  | { readonly show: 'apply'; readonly place: Place; readonly text?: string }
  | { readonly show: 'import' }
  | { readonly show: 'toolbar'; readonly route: ListRoute }

declare global {
  interface Window {
    /** Draws something else, with nothing left of what was there. */
    stage: (scene: Scene) => void
  }
}

function Actions({ targets, uids }: { targets: readonly ObjectRef[]; uids: string[] }) {
  return <ActionStrip actions={useActions(targets, { uids })} />
}

/** What a list has above it, and what it has opened below. */
function Toolbar({ route }: { route: ListRoute }) {
  const tabs = useDock((it) => it.tabs)
  return (
    <>
      <ListToolbar route={route} view={emptyView} columns={useColumns(route, [], false)} />
      <output>{JSON.stringify(tabs.map((tab) => ({ ...tab, id: undefined })))}</output>
    </>
  )
}

function Drawn({ scene }: { scene: Scene }) {
  switch (scene.show) {
    case 'nothing':
      return null
    case 'actions':
      return <Actions targets={scene.targets} uids={scene.uids ?? []} />
    case 'object': {
      const { target, kind } = scene
      const object = shapeOf(scene.object)
      return (
        <>
          <Containers target={target} containers={containersOf(object)} />
          {kind === 'Secret' && <SecretData target={target} object={object} />}
          <Relations target={target} />
          <Events target={target} object={object} kind={kind} />
        </>
      )
    }
    case 'apply': {
      const { place, text } = scene
      const tab = { id: 'a', kind: 'apply', title: 'Apply', place, ...(text && { text }) } as const
      return (
        <div style={{ height: 400 }}>
          <ApplyPane tab={tab} visible />
        </div>
      )
    }
    case 'toolbar':
      return <Toolbar route={scene.route} />
    case 'import':
      return <ImportDialog onClose={() => undefined} />
  }
}

function Stage() {
  const [{ scene, number }, setScene] = useState({ scene: { show: 'nothing' } as Scene, number: 0 })
  window.stage = (next) => {
    endAction()
    queries.clear()
    window.asked.length = 0
    setScene({ scene: next, number: number + 1 })
  }
  return <Drawn key={number} scene={scene} />
}

startTexts()
const root = document.createElement('main')
document.body.append(root)
createRoot(root).render(
  <MantineProvider
    theme={{ primaryColor: 'teal' }}
    withCssVariables={false}
    withGlobalClasses={false}
  >
    <QueryClientProvider client={queries}>
      <Notifications />
      <Stage />
      <ActionDialogs />
    </QueryClientProvider>
  </MantineProvider>,
)
