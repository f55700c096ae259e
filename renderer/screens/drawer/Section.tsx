import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import styles from './drawer.module.css'

/** A part of the drawer under its own heading; long ones begin closed. */
export function Section(props: {
  title: string
  count?: number
  /** There are more than were counted. */
  andMore?: boolean | undefined
  closed?: boolean
  children: ReactNode
}) {
  const { title, count, andMore, closed, children } = props
  const [open, setOpen] = useState(!closed)
  return (
    <section className={styles['section']}>
      <h3>
        {closed === undefined ? (
          <span>{title}</span>
        ) : (
          <button
            type="button"
            aria-expanded={open}
            onClick={() => {
              setOpen(!open)
            }}
          >
            {open ? <IconChevronDown size={12} /> : <IconChevronRight size={12} />}
            {title}
          </button>
        )}
        {count !== undefined && <small>{andMore ? `${String(count)}+` : count}</small>}
      </h3>
      {open && children}
    </section>
  )
}
