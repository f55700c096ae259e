import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/mantine.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/App.tsx'
import { startTexts } from './texts/texts.ts'

const root = document.querySelector('#root')
if (!root) throw new Error('index.html has no #root')

startTexts()
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
