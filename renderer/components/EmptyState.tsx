import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import type { PanelAction } from './ErrorPanel.tsx'
import styles from './panels.module.css'

/** What was asked, why nothing is there, and what can be done about it. */
export function EmptyState(props: {
  title: string
  detail?: ReactNode
  actions?: readonly PanelAction[]
}) {
  const { title, detail, actions = [] } = props
  return (
    <div className={styles['panel']} role="status">
      <h2 className={styles['title']}>{title}</h2>
      {detail && <div className={styles['detail']}>{detail}</div>}
      {actions.length > 0 && (
        <div className={styles['actions']}>
          {actions.map((it) => (
            <Button key={it.label} size="compact-sm" variant="default" onClick={it.run}>
              {it.label}
            </Button>
          ))}
        </div>
      )}
    </div>
  )
}
