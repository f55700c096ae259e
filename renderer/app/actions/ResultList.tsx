import type { ObjectRef, Tone } from '#gateway/place.ts'
import { StatusMark } from '../../components/StatusMark.tsx'
import { useTexts } from '../../texts/texts.ts'
import type { Result } from './bulk.ts'
import styles from './ResultList.module.css'

const tones: Readonly<Record<Result['status'], Tone>> = {
  waiting: 'done',
  running: 'progress',
  done: 'ok',
  failed: 'failed',
}

/** What something is done to, and what became of each. */
export function ResultList(props: { targets: readonly ObjectRef[]; results: readonly Result[] }) {
  const t = useTexts('actions')
  const { targets, results } = props
  const several = new Set(targets.map((it) => `${it.cluster}@${it.profile}`)).size > 1
  return (
    <ul className={styles['list']} aria-label={t('results')}>
      {targets.map((it, index) => {
        const result = results[index]
        const message = result && 'message' in result ? result.message : undefined
        return (
          <li key={`${it.cluster}@${it.profile}/${it.namespace ?? ''}/${it.name}`}>
            {result && (
              <StatusMark tone={tones[result.status]} label={t(`state.${result.status}`)} />
            )}
            <span>
              {several && `${it.cluster}@${it.profile} / `}
              {it.namespace && <span className={styles['dim']}>{it.namespace} / </span>}
              {it.name}
              {message && <span className={styles['message']}>{message}</span>}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
