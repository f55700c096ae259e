import { memo } from 'react'
import type { Cell, Row } from '#gateway/views.ts'
import { Age } from '../../components/Age.tsx'
import { bytesText, countText, cpuText } from '../../components/amounts.ts'
import { Bricks } from '../../components/Bricks.tsx'
import { Meter } from '../../components/Meter.tsx'
import { Status } from '../../components/Status.tsx'
import { useTexts } from '../../texts/texts.ts'
import type { ListColumn } from './columns.ts'
import { useFlash } from './use-flash.ts'
import styles from './list.module.css'

/** What is measured of a row, and the share of what it may use. */
export interface RowUsage {
  readonly cpu: number
  readonly memory: number
  readonly cpuShare?: number
  readonly memoryShare?: number
}

interface ListCellProps {
  readonly row: Row
  readonly column: ListColumn
  readonly cluster: string
  readonly usage: RowUsage | undefined
  readonly onNamespace: (namespace: string) => void
}

export const ListCell = memo(function ListCell(props: ListCellProps) {
  const { row, column, cluster, usage, onNamespace } = props
  switch (column.type) {
    case 'name':
      return <span className={styles['name']}>{row.name}</span>
    case 'cluster':
      return <span className={styles['quiet']}>{cluster}</span>
    case 'namespace':
      return <Warp namespace={row.namespace} onNamespace={onNamespace} />
    case 'labels':
      return <Labels labels={row.labels} />
    case 'cpuUsage':
    case 'memoryUsage':
      return usage && <Used usage={usage} of={column.type} />
    default:
      return <Value type={column.type} cell={row.cells[column.cell ?? -1] ?? null} />
  }
})

function Used({ usage, of }: { usage: RowUsage; of: 'cpuUsage' | 'memoryUsage' }) {
  const { cpu, memory, cpuShare, memoryShare } = usage
  return of === 'cpuUsage' ? (
    <Meter text={cpuText(cpu)} {...share(cpuShare)} />
  ) : (
    <Meter text={bytesText(memory)} {...share(memoryShare)} />
  )
}

const share = (value: number | undefined) => (value === undefined ? {} : { share: value })

function Labels({ labels = {} }: { labels: Row['labels'] }) {
  const text = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ')
  return (
    <span className={styles['quiet']} title={text}>
      {text}
    </span>
  )
}

/** k9s calls it warp: from a row to all of its namespace. */
function Warp(props: { namespace: string | undefined; onNamespace: (namespace: string) => void }) {
  const { namespace, onNamespace } = props
  const t = useTexts('list')
  if (namespace === undefined) return null
  return (
    <button
      type="button"
      tabIndex={-1}
      className={styles['warp']}
      title={t('onlyNamespace', { namespace })}
      onClick={(event) => {
        event.stopPropagation()
        onNamespace(namespace)
      }}
    >
      {namespace}
    </button>
  )
}

type ValueType = Exclude<
  ListColumn['type'],
  'name' | 'cluster' | 'namespace' | 'labels' | 'cpuUsage' | 'memoryUsage'
>

function Value({ type, cell }: { type: ValueType; cell: Cell }) {
  const flash = useFlash(type === 'age' ? '' : textOf(cell))
  return (
    <span ref={flash} className={styles['value']}>
      <Drawn type={type} cell={cell} />
    </span>
  )
}

function Drawn({ type, cell }: { type: ValueType; cell: Cell }) {
  const t = useTexts('list')
  if (cell === null || cell === '') return null
  if (typeof cell === 'object') return <Status {...plain(cell)} />
  if (type === 'bricks')
    return <Bricks letters={String(cell)} label={brickLabel(t, String(cell))} />
  if (typeof cell === 'number') return <Amount type={type} value={cell} />
  return <span title={cell}>{cell}</span>
}

const plain = ({ text, tone, reason }: Extract<Cell, object>) => ({
  text,
  tone,
  ...(reason !== undefined && { reason }),
})

function Amount({ type, value }: { type: ValueType; value: number }) {
  switch (type) {
    case 'age':
      return <Age at={value} />
    case 'bytes':
      return <>{bytesText(value)}</>
    case 'cpu':
      return <>{cpuText(value)}</>
    case 'number':
    case 'text':
    case 'status':
    case 'bricks':
      return <span {...(value === 0 && { className: styles['quiet'] })}>{countText(value)}</span>
  }
}

const brickNames = { r: 'ready', w: 'waiting', f: 'failed', d: 'done' } as const

/** `2 ready, 1 failed` for those who do not see the squares. */
function brickLabel(t: ReturnType<typeof useTexts<'list'>>, letters: string): string {
  const count = (letter: string) => letters.toLowerCase().split(letter).length - 1
  return Object.entries(brickNames)
    .flatMap(([letter, name]) => {
      const many = count(letter)
      return many === 0 ? [] : [t(`brick.${name}`, { count: many })]
    })
    .join(', ')
}

const textOf = (cell: Cell) =>
  cell !== null && typeof cell === 'object' ? cell.text : String(cell)
