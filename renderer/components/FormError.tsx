import { toErrorBody } from '#gateway/errors.ts'
import styles from './FormError.module.css'

/** Why a form could not be sent, in the words of the gateway; nothing when it could. */
export function FormError({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null
  return (
    <p className={styles['error']} role="alert">
      {toErrorBody(error).message}
    </p>
  )
}
