import { useEffect, useState } from 'react'
import { useTexts } from '../texts/texts.ts'
import styles from './panels.module.css'

/** Says that something is under way, but only once it takes long enough to be noticed. */
export function Loading({ label }: { label?: string }) {
  const t = useTexts('frame')
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => {
      setLate(true)
    }, 200)
    return () => {
      clearTimeout(timer)
    }
  }, [])
  return (
    <div className={styles['loading']} role="status" data-late={late}>
      <span className={styles['spinner']} aria-hidden />
      {label ?? t('loading')}
    </div>
  )
}
