import { Button } from '@mantine/core'
import styles from './panels.module.css'

export interface PanelAction {
  readonly label: string
  readonly run: () => void
}

/** What went wrong, in the place where the thing would have been. */
export function ErrorPanel(props: { title: string; detail: string; action?: PanelAction }) {
  const { title, detail, action } = props
  return (
    <div className={styles['panel']} role="alert">
      <h2 className={styles['title']}>{title}</h2>
      <p className={styles['detail']}>{detail}</p>
      {action && (
        <Button size="compact-sm" variant="default" onClick={action.run}>
          {action.label}
        </Button>
      )}
    </div>
  )
}
