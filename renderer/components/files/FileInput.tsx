import { useRef, type ReactNode } from 'react'
import type { TextFiles } from './use-text-files.ts'

interface FileInputProps {
  readonly files: TextFiles
  /** The button that opens the dialog of the system. */
  readonly button: (open: () => void) => ReactNode
}

/** Chooses files of this machine; what a button looks like is for those to say who have one. */
export function FileInput({ files, button }: FileInputProps) {
  const input = useRef<HTMLInputElement>(null)
  const { endings, several } = files.rules
  // A name without ending cannot be asked for, so nothing is narrowed then.
  const accept = endings.includes('') ? undefined : endings.join(',')
  return (
    <>
      {button(() => input.current?.click())}
      <input
        ref={input}
        type="file"
        hidden
        {...(accept && { accept })}
        multiple={several}
        onChange={({ currentTarget }) => {
          const chosen = [...(currentTarget.files ?? [])]
          // The same file may be chosen again, when it was changed.
          currentTarget.value = ''
          void files.take(chosen)
        }}
      />
    </>
  )
}
