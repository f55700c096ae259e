import '@mantine/core/styles.css'
import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useState, type CSSProperties } from 'react'
import { createRoot } from 'react-dom/client'
import { forbidden } from '#gateway/errors.ts'
import { DialogButton } from '../../../renderer/components/DialogButton.tsx'
import { FormDialog } from '../../../renderer/components/FormDialog.tsx'
import { ResizeHandle } from '../../../renderer/components/ResizeHandle.tsx'
import { ConfirmRemoval } from '../../../renderer/screens/admin/ConfirmRemoval.tsx'
import { useRemoval } from '../../../renderer/screens/admin/use-removal.ts'
import '../../../renderer/styles/tokens.css'
import { startTexts } from '../../../renderer/texts/texts.ts'

declare global {
  interface Window {
    /** What the page was made to do, in order. */
    readonly done: string[]
    /** Lets the form that was sent be taken. */
    take: (() => void) | undefined
  }
}

export type Edge = 'left' | 'top'

const bounds = { least: 100, spared: 300, first: 140 }

function Panel({ edge, place }: { edge: Edge; place: CSSProperties }) {
  const [size, setSize] = useState(200)
  return (
    <div style={{ position: 'fixed', right: 0, bottom: 0, ...place, [axis[edge]]: size }}>
      <ResizeHandle
        edge={edge}
        label={`Size at the ${edge}`}
        size={size}
        {...bounds}
        onSize={setSize}
      />
    </div>
  )
}
const axis = { left: 'width', top: 'height' } as const

const things = [{ id: 'kept' }, { id: 'spare' }, { id: 'other' }]

function Things() {
  const removal = useRemoval<{ readonly id: string }>(async ({ id }) => {
    await Promise.resolve()
    window.done.push(`remove ${id}`)
    if (id === 'kept') throw forbidden('This one stays')
  }, [])
  return (
    <>
      {things.map((it) => (
        <button key={it.id} onClick={() => removal.ask(it)}>
          {it.id}
        </button>
      ))}
      <ConfirmRemoval
        removal={removal}
        title={({ id }) => `Remove ${id}?`}
        text="It ends for everybody."
        action="Remove"
      />
    </>
  )
}

function Sent({ onClose }: { onClose: () => void }) {
  const [busy, setBusy] = useState(false)
  return (
    <FormDialog
      title="A form"
      submit="Send"
      busy={busy}
      onSubmit={() => {
        window.done.push('send')
        setBusy(true)
        window.take = onClose
      }}
      onClose={onClose}
    >
      <input aria-label="Field" data-autofocus />
    </FormDialog>
  )
}

Object.assign(window, { done: [] })
startTexts()
const root = document.createElement('main')
document.body.append(root)
createRoot(root).render(
  <MantineProvider withCssVariables={false} withGlobalClasses={false}>
    <QueryClientProvider client={new QueryClient()}>
      <Things />
      <DialogButton label="Fill in" dialog={(onClose) => <Sent onClose={onClose} />} />
      <Panel edge="left" place={{ top: 60 }} />
      <Panel edge="top" place={{ left: 0 }} />
    </QueryClientProvider>
  </MantineProvider>,
)
