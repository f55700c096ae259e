import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'

interface Props {
  readonly label: string
  /** One among others, not what the page is mostly for. */
  readonly quiet?: boolean
  readonly dialog: (onClose: () => void) => ReactNode
}

/** A button, and the dialog that it opens. */
export function DialogButton({ label, quiet, dialog }: Props) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button
        size="compact-sm"
        variant={quiet ? 'default' : 'filled'}
        onClick={() => {
          setOpen(true)
        }}
      >
        {label}
      </Button>
      {open &&
        dialog(() => {
          setOpen(false)
        })}
    </>
  )
}
