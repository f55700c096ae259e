import '../../../renderer/public/no-eval.js'
import '@mantine/core/styles.css'
import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { LogsInput } from '#gateway/streams.ts'
import { LogsPane } from '../../../renderer/screens/logs/LogsPane.tsx'
import '../../../renderer/styles/tokens.css'
import '../../../renderer/styles/base.css'
import { startTexts } from '../../../renderer/texts/texts.ts'

declare global {
  interface Window {
    /** Opens the pane; its stream goes to where the page came from. */
    show(pods: readonly string[], leftOut?: number): void
  }
}

const place = { cluster: 'c', profile: 'p' }

startTexts()
const root = document.createElement('main')
root.style.height = '100vh'
document.body.append(root)

/** The log pane alone, with everything behind it but a gateway. */
window.show = (pods, leftOut) => {
  const input = LogsInput.parse({ ...place, namespace: 'n', pods })
  createRoot(root).render(
    <MantineProvider withCssVariables={false} withGlobalClasses={false}>
      <QueryClientProvider client={new QueryClient()}>
        <LogsPane
          tab={{
            id: '1',
            kind: 'logs',
            title: 'logs',
            place,
            input,
            ...(leftOut !== undefined && { leftOut }),
          }}
          visible
        />
      </QueryClientProvider>
    </MantineProvider>,
  )
}
