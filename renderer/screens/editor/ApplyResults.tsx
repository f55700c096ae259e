import { useState } from 'react'
import type { DocumentResult } from '#gateway/objects.ts'
import type { Tone } from '#gateway/place.ts'
import { DiffView } from '../../components/editor/DiffView.tsx'
import styles from '../../components/editor/Editor.module.css'
import { StatusMark } from '../../components/StatusMark.tsx'
import type { Applied } from '../../data/editor/apply.ts'
import { toYaml } from '../../data/editor/manifest.ts'
import { useTexts } from '../../texts/texts.ts'

const tones: Readonly<Record<DocumentResult['status'], Tone>> = {
  created: 'ok',
  changed: 'progress',
  unchanged: 'done',
  conflict: 'warning',
  failed: 'failed',
}

/** What became of each document; the chosen one with its difference, or why it failed. */
export function ApplyResults({ applied }: { applied: Applied }) {
  const t = useTexts('editor')
  const { documents, dry } = applied
  const worst = documents.findIndex(({ status }) => status === 'failed' || status === 'conflict')
  const [chosen, setChosen] = useState(Math.max(0, worst))
  const document = documents[chosen]
  if (!document) return null
  return (
    <>
      <ul className={styles['documents']} aria-label={t('apply.results')}>
        {documents.map((it, at) => (
          <li key={it.index}>
            <button
              type="button"
              className={styles['document']}
              aria-pressed={at === chosen}
              onClick={() => {
                setChosen(at)
              }}
            >
              <StatusMark tone={tones[it.status]} />
              <span className={styles['documentName']}>
                {it.kind} {it.namespace !== undefined && `${it.namespace}/`}
                {it.name}
                <span className={styles['documentState']}>
                  {t(dry ? `apply.dryStatus.${it.status}` : `apply.status.${it.status}`)}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <Outcome key={document.index} document={document} />
    </>
  )
}

function Outcome({ document }: { document: DocumentResult }) {
  const t = useTexts('editor')
  const { before, after, error, conflicts } = document
  if (error)
    return (
      <div className={styles['aside']} style={{ flex: 1, width: 'auto' }} role="alert">
        <h2>{error.message}</h2>
        {Object.entries(error.fields ?? {}).map(([field, word]) => (
          <p key={field}>
            <code>{field}</code> {word}
          </p>
        ))}
        {conflicts && (
          <>
            <h2>{t('apply.conflictsTitle')}</h2>
            <p>{t('apply.conflictsWhy')}</p>
            <ul className={styles['paths']}>
              {conflicts.map(({ manager, field }) => (
                <li key={manager + field}>
                  {manager}: <code>{field}</code>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    )
  if (!after) return <div className={styles['centre']}>{t('apply.noDiff')}</div>
  return (
    <DiffView
      before={before ? toYaml(before) : ''}
      after={toYaml(after)}
      beforeLabel={t('apply.before')}
      afterLabel={t('apply.after')}
    />
  )
}
