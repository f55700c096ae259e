import type { ComponentProps, ReactNode } from 'react'
import { PlainTable, type PlainColumn } from '../../components/PlainTable.tsx'
import { AdminPage } from './AdminPage.tsx'

interface Props<T> {
  readonly title: string
  readonly query: ComponentProps<typeof AdminPage<readonly T[]>>['query']
  readonly columns: readonly PlainColumn<T>[]
  /** Shown where there is nothing. */
  readonly empty: string
  readonly actions?: ReactNode
  /** What comes below the table or above the page. */
  readonly children?: ReactNode
}

/** A page that is one table of what the gateway keeps, counted. */
export function AdminTable<T extends { readonly id: string }>(props: Props<T>) {
  const { title, query, columns, empty, actions, children } = props
  return (
    <AdminPage title={title} query={query} count={(items) => items.length} actions={actions}>
      {(items) => (
        <>
          <PlainTable
            label={title}
            columns={columns}
            items={items}
            keyOf={(it) => it.id}
            empty={empty}
          />
          {children}
        </>
      )}
    </AdminPage>
  )
}
