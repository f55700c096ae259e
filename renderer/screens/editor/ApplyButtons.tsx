import { Button } from '@mantine/core'
import { useId, type ReactNode } from 'react'
import { PaneSpace } from '../../components/PaneBar.tsx'
import type { ApplyRefusal } from '../../data/editor/apply-refusal.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './actions.module.css'

interface ApplyButtonsProps {
  readonly busy: 'dry' | 'run' | undefined
  readonly refusal: ApplyRefusal | undefined
  readonly onRun: (dry: boolean) => void
  /** Tools that stand before them. */
  readonly children: ReactNode
}

/** First the trial, then the writing; what cannot be pressed yet stays in reach and says why. */
export function ApplyButtons({ busy, refusal, onRun, children }: ApplyButtonsProps) {
  const t = useTexts('editor')
  const id = useId()
  const word = refusal && t(`apply.why.${refusal}`)
  const barred = (is: boolean) =>
    is && { 'aria-disabled': true, 'data-disabled': true, 'aria-describedby': id, title: word }
  const press = (dry: boolean, is: boolean) => () => {
    if (!is && busy === undefined) onRun(dry)
  }
  const isEmpty = refusal === 'empty'
  const isBarred = refusal !== undefined
  return (
    <>
      <span id={id} className={styles['why']}>
        {word ?? t('apply.hint')}
      </span>
      <PaneSpace />
      <div className={styles['actions']}>
        {children}
        <Button
          size="compact-xs"
          variant={isBarred ? 'filled' : 'default'}
          loading={busy === 'dry'}
          {...barred(isEmpty)}
          onClick={press(true, isEmpty)}
        >
          {t('apply.dry')}
        </Button>
        <Button
          size="compact-xs"
          loading={busy === 'run'}
          {...barred(isBarred)}
          onClick={press(false, isBarred)}
        >
          {t('apply.run')}
        </Button>
      </div>
    </>
  )
}
