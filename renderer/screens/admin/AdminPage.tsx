import type { ReactNode } from 'react'
import { toErrorBody } from '#gateway/errors.ts'
import { ErrorPanel } from '../../components/ErrorPanel.tsx'
import { Loading } from '../../components/Loading.tsx'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'

interface Props<T> {
  readonly title: string
  readonly query: {
    readonly data: T | undefined
    readonly error: Error | null
    refetch(): unknown
  }
  /** How many there are, once that is known. */
  readonly count?: (data: T) => number
  readonly actions?: ReactNode
  /** Stays while something else is asked for: what it is narrowed by. */
  readonly above?: ReactNode
  readonly children: (data: T) => ReactNode
}

/** A page with its title and actions: loading, failed, or what was asked for. */
export function AdminPage<T>({ title, query, count, actions, above, children }: Props<T>) {
  const t = useTexts('admin')
  const { data, error } = query
  return (
    <section className={styles['page']} aria-label={title}>
      <header className={styles['head']}>
        <h1>{title}</h1>
        {data !== undefined && count && <span className={styles['count']}>{count(data)}</span>}
        <span className={styles['spring']} />
        {actions}
      </header>
      {above}
      {data !== undefined && children(data)}
      {data === undefined && error && (
        <ErrorPanel
          title={title}
          detail={toErrorBody(error).message}
          action={{ label: t('retry'), run: () => void query.refetch() }}
        />
      )}
      {data === undefined && !error && <Loading />}
    </section>
  )
}
