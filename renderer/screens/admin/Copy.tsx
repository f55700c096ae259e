import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../../texts/texts.ts'

/** Puts a text where it can be pasted from; says so only when it is there. */
export function Copy({ text }: { text: string }) {
  const t = useTexts('admin')
  const [done, setDone] = useState(false)
  return (
    <Button
      size="compact-xs"
      variant="default"
      onClick={() => {
        navigator.clipboard.writeText(text).then(
          () => setDone(true),
          () => setDone(false),
        )
      }}
    >
      {t(done ? 'copied' : 'copy')}
    </Button>
  )
}
