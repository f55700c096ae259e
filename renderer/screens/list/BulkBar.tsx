import { Button } from '@mantine/core'
import type { Action } from '../../app/actions/use-actions.ts'
import { useTexts } from '../../texts/texts.ts'
import type { Selection } from './use-selection.ts'
import styles from './list.module.css'

/** Rises when something is ticked: what can be done with all of it. */
export function BulkBar(props: { selection: Selection; actions: readonly Action[] }) {
  const { selection, actions } = props
  const t = useTexts('list')
  const count = selection.rows.size
  if (count === 0) return null
  return (
    <div className={styles['bulk']} role="toolbar" aria-label={t('selection')}>
      <b>{t('selected', { count })}</b>
      {actions
        .filter((it) => count === 1 || !it.single)
        .map(({ id, title, danger, refusal, run }) => (
          <Button
            key={id}
            size="compact-xs"
            variant="default"
            {...(danger && { c: 'var(--gh-failed)' })}
            title={refusal ?? title}
            data-disabled={refusal !== undefined}
            aria-disabled={refusal !== undefined}
            onClick={() => {
              if (refusal === undefined) run()
            }}
          >
            {title}
          </Button>
        ))}
      <span className={styles['space']} />
      <Button size="compact-xs" variant="subtle" color="gray" onClick={selection.clear}>
        {t('unselect')}
      </Button>
    </div>
  )
}
