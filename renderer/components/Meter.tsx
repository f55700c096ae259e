import styles from './Meter.module.css'

/** A number with a thin bar of how much of a limit it is. */
export function Meter(props: { text: string; share?: number; label?: string }) {
  const { text, share, label } = props
  const level = share === undefined ? 'none' : share > 0.95 ? 'full' : share > 0.8 ? 'high' : 'calm'
  return (
    <span className={styles['meter']} title={label}>
      <span>{text}</span>
      <span className={styles['track']} data-level={level} aria-hidden>
        <span style={{ width: `${String(Math.min(100, Math.round((share ?? 0) * 100)))}%` }} />
      </span>
    </span>
  )
}
