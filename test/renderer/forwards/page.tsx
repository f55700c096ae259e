import '../../../renderer/public/no-eval.js'
import '@mantine/core/styles.css'
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { queries } from '../../../renderer/data/queries.ts'
import { ForwardsScreen } from '../../../renderer/screens/forwards/ForwardsScreen.tsx'
import '../../../renderer/styles/tokens.css'
import { startTexts } from '../../../renderer/texts/texts.ts'

startTexts()
const root = document.createElement('main')
document.body.append(root)
createRoot(root).render(
  <MantineProvider withCssVariables={false} withGlobalClasses={false}>
    <QueryClientProvider client={queries}>
      <ForwardsScreen />
    </QueryClientProvider>
  </MantineProvider>,
)
