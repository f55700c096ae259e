import { useId } from 'react'
import styles from './drawer.module.css'

interface SmallButtonProps {
  readonly label: string
  /** Why it cannot be pressed; it stays in reach and says so. */
  readonly refusal?: string | undefined
  readonly busy?: boolean
  readonly onClick: () => void
}

/** A button at the end of a line. */
export function SmallButton({ label, refusal, busy = false, onClick }: SmallButtonProps) {
  const id = useId()
  return (
    <button
      type="button"
      className={styles['small']}
      disabled={busy}
      {...(refusal !== undefined && {
        'aria-disabled': true,
        'aria-describedby': id,
        title: refusal,
      })}
      onClick={() => {
        if (refusal === undefined) onClick()
      }}
    >
      {label}
      {refusal !== undefined && (
        <span id={id} className="gh-visually-hidden" aria-hidden>
          {refusal}
        </span>
      )}
    </button>
  )
}
