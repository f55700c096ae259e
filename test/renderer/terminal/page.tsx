import '../../../renderer/public/no-eval.js'
import '@mantine/core/styles.css'
import { MantineProvider } from '@mantine/core'
import { createRoot } from 'react-dom/client'
import type { SessionStatus } from '../../../renderer/data/terminal/session.ts'
import { TerminalNotice } from '../../../renderer/screens/terminal/TerminalNotice.tsx'
import '../../../renderer/styles/tokens.css'
import { startTexts } from '../../../renderer/texts/texts.ts'

declare global {
  interface Window {
    notice(now: SessionStatus): void
    /** How often it was asked to open again. */
    reopened: number
  }
}

startTexts()
const root = document.createElement('main')
document.body.append(root)
const drawn = createRoot(root)
window.reopened = 0
window.notice = (now) => {
  drawn.render(
    <MantineProvider withCssVariables={false} withGlobalClasses={false}>
      <TerminalNotice now={now} attached={false} onReopen={() => (window.reopened += 1)} />
    </MantineProvider>,
  )
}
