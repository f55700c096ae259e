import { lazy, memo, Suspense } from 'react'
import { Loading } from '../components/Loading.tsx'
import type { DockTab } from './dock.ts'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import styles from './DockArea.module.css'

const TerminalPane = lazy(async () => {
  const { TerminalPane: it } = await import('../screens/terminal/TerminalPane.tsx')
  return { default: it }
})
const LogsPane = lazy(async () => {
  const { LogsPane: it } = await import('../screens/logs/LogsPane.tsx')
  return { default: it }
})
const EditorPane = lazy(async () => {
  const { EditorPane: it } = await import('../screens/editor/EditorPane.tsx')
  return { default: it }
})
const ApplyPane = lazy(async () => {
  const { ApplyPane: it } = await import('../screens/editor/ApplyPane.tsx')
  return { default: it }
})
const DrainPane = lazy(async () => {
  const { DrainPane: it } = await import('../screens/drain/DrainPane.tsx')
  return { default: it }
})

/** One tab’s content. It stays mounted while hidden: a terminal must not lose its screen. */
export const DockPane = memo(function DockPane({
  tab,
  visible,
  beside,
}: {
  tab: DockTab
  visible: boolean
  beside: boolean
}) {
  return (
    <div
      id={`dock-pane-${tab.id}`}
      role="tabpanel"
      aria-labelledby={`dock-tab-${tab.id}`}
      className={styles['pane']}
      data-beside={beside}
      hidden={!visible}
    >
      <ErrorBoundary>
        <Suspense fallback={<Loading />}>
          <Content tab={tab} visible={visible} />
        </Suspense>
      </ErrorBoundary>
    </div>
  )
})

function Content({ tab, visible }: { tab: DockTab; visible: boolean }) {
  switch (tab.kind) {
    case 'terminal':
    case 'local-terminal':
      return <TerminalPane tab={tab} visible={visible} />
    case 'logs':
      return <LogsPane tab={tab} visible={visible} />
    case 'editor':
      return <EditorPane tab={tab} visible={visible} />
    case 'apply':
      return <ApplyPane tab={tab} visible={visible} />
    case 'drain':
      return <DrainPane tab={tab} visible={visible} />
  }
}
