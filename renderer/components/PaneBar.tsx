import { ActionIcon, Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Tone } from '#gateway/place.ts'
import { StatusMark } from './StatusMark.tsx'
import styles from './PaneBar.module.css'

/** The one line of tools above what a pane shows. */
export function PaneBar({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={styles['bar']} role="toolbar" aria-label={label}>
      {children}
    </div>
  )
}

export const PaneSpace = () => <span className={styles['space']} />

/** Numbers and words at the edge of the bar. */
export function PaneNote({ children }: { children: ReactNode }) {
  return <span className={styles['note']}>{children}</span>
}

interface ToolProps {
  readonly label: string
  readonly icon: ReactNode
  readonly onClick: () => void
  /** Set for something that is on or off. */
  readonly pressed?: boolean
  readonly disabled?: boolean
}

export function Tool({ label, icon, onClick, pressed, disabled }: ToolProps) {
  return (
    <Tooltip label={label} openDelay={400} withinPortal>
      <ActionIcon
        className={styles['tool'] ?? ''}
        variant="subtle"
        color="gray"
        size={24}
        aria-label={label}
        {...(pressed !== undefined && { 'aria-pressed': pressed })}
        {...(disabled && { disabled: true })}
        onClick={onClick}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  )
}

/** Something a pane has to say in between: lost, ended, cut short. */
export function PaneNotice({
  tone,
  children,
  live = true,
}: {
  tone: Tone
  children: ReactNode
  live?: boolean
}) {
  return (
    <div className={styles['notice']} data-tone={tone} {...(live && { role: 'status' })}>
      <StatusMark tone={tone} />
      {children}
    </div>
  )
}
