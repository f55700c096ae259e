import { useEffect, useLayoutEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import styles from './chart.module.css'

interface LineChartProps {
  /** Seconds since 1970, oldest first. */
  readonly times: readonly number[]
  /** One for each time; nothing where nobody measured. */
  readonly values: readonly (number | null)[]
  /** A line across: what the values are measured against. */
  readonly bound?: number | undefined
  /** From when to when, in seconds. */
  readonly span: readonly [number, number]
  /** What is drawn, in words. */
  readonly label: string
  /** Whatever changes when the tokens have other colours. */
  readonly scheme: string
  /** Which of the values somebody points at. */
  readonly onPoint: (index: number | undefined) => void
}

const height = 56

/** A small line without axes. It is a picture: whatever it says is also said in words. */
export function LineChart(props: LineChartProps) {
  const { times, values, bound, span, label, scheme } = props
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const latest = useRef(props)
  useLayoutEffect(() => {
    latest.current = props
  })

  useEffect(() => {
    const element = place.current
    if (!element) return undefined
    const drawn = new uPlot(options(latest, element.clientWidth), dataOf(latest.current), element)
    plot.current = drawn
    const watcher = new ResizeObserver(() => {
      drawn.setSize({ width: element.clientWidth, height })
    })
    watcher.observe(element)
    return () => {
      watcher.disconnect()
      drawn.destroy()
      plot.current = undefined
    }
  }, [])

  const [from, to] = span
  useEffect(() => {
    plot.current?.setData(dataOf(latest.current))
  }, [times, values, bound, from, to])

  useEffect(() => {
    plot.current?.redraw()
  }, [scheme])

  return <div ref={place} className={styles['chart']} role="img" aria-label={label} />
}

interface Latest {
  readonly current: LineChartProps
}

const dataOf = ({ times, values, bound, span }: LineChartProps): uPlot.AlignedData => {
  // The line of the bound goes from edge to edge, also where nothing is measured yet.
  const [from, to] = span
  const all = [from, ...times, to]
  return [all, [null, ...values, null], all.map(() => bound ?? null)]
}

/** A bound far above the values would press them flat; then only the words tell of it. */
const farthest = 4

function topOf({ values, bound = 0 }: LineChartProps): number {
  const most = Math.max(0, ...values.map((it) => it ?? 0))
  return Math.max(most * 1.2, bound <= most * farthest ? bound * 1.05 : 0) || 1
}

function options(latest: Latest, width: number): uPlot.Options {
  return {
    width,
    height,
    legend: { show: false },
    padding: [3, 4, 2, 4],
    scales: {
      x: { time: true, range: () => [...latest.current.span] },
      y: { range: () => [0, topOf(latest.current)] },
    },
    axes: [{ show: false }, { show: false }],
    cursor: { y: false, drag: { x: false, y: false, setScale: false }, points: { size: 5 } },
    series: [
      {},
      {
        stroke: () => token('--gh-accent'),
        fill: () => token('--gh-accent-soft'),
        width: 1.5,
        points: { size: 4 },
      },
      {
        stroke: () => token('--gh-line-strong'),
        width: 1,
        dash: [4, 4],
        points: { show: false },
      },
    ],
    hooks: {
      setCursor: [
        ({ cursor: { idx } }) => {
          const { times, onPoint } = latest.current
          // The first and the last are edges, no measurements.
          const index = (idx ?? 0) - 1
          onPoint(index >= 0 && index < times.length ? index : undefined)
        },
      ],
    },
  }
}

/** A canvas knows no variables; read at each drawing, for the theme may have changed. */
const token = (name: string) =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim()
