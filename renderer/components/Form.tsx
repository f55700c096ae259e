import type { ReactNode } from 'react'
import { FormError } from './FormError.tsx'
import styles from './Form.module.css'

interface Props {
  readonly children: ReactNode
  /** Why it could not be sent. */
  readonly error?: unknown
  /** Its last line, at the right. */
  readonly buttons: ReactNode
  readonly onSubmit: () => void
}

/** Fields below each other, what is wrong with them, and what can be done with them. */
export function Form({ children, error, buttons, onSubmit }: Props) {
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      {children}
      <FormError error={error} />
      <div className={styles['buttons']}>{buttons}</div>
    </form>
  )
}
