import { createElement, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { LineChart } from '../../../renderer/components/chart/LineChart.tsx'
import '../../../renderer/styles/tokens.css'

/** What the test sets from outside. */
export interface Asked {
  readonly times: number[]
  readonly values: (number | null)[]
  readonly bound?: number
  readonly scheme: string
  readonly width: number
}

declare global {
  interface Window {
    draw(asked: Asked): void
    pointed: number | undefined
  }
}

/** The chart alone, in a page that is served as the product’s pages are. */
function Page() {
  const [asked, setAsked] = useState<Asked>()
  window.draw = setAsked
  if (!asked) return null
  document.documentElement.dataset['mantineColorScheme'] = asked.scheme
  const { times, width } = asked
  const chart = createElement(LineChart, {
    ...asked,
    span: [times[0] ?? 0, times.at(-1) ?? 0],
    label: 'CPU, in words',
    onPoint: (index) => {
      window.pointed = index
    },
  })
  return createElement('div', { style: { width } }, chart)
}

const root = document.createElement('main')
document.body.append(root)
createRoot(root).render(createElement(Page))
