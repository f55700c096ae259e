import { DiffView } from '../../components/editor/DiffView.tsx'
import styles from '../../components/editor/Editor.module.css'
import { pathText } from '../../data/editor/complete.ts'
import type { Review } from '../../data/editor/flow.ts'
import { useTexts } from '../../texts/texts.ts'

/** What the cluster says would become of an object, and whose fields that changes. */
export function ReviewView({ review }: { review: Review }) {
  const t = useTexts('editor')
  const managers = [...new Set(review.touched.map(({ manager }) => manager))]
  return (
    <>
      <DiffView
        before={review.before}
        after={review.after}
        beforeLabel={t('live')}
        afterLabel={t('result')}
      />
      <aside className={styles['aside']}>
        <h3>{t('touchedTitle')}</h3>
        <p>{managers.length === 0 ? t('touchedNone') : t('touchedWhy')}</p>
        {managers.map((manager) => (
          <section key={manager}>
            <h3>{t('byManager', { manager })}</h3>
            <ul className={styles['paths']}>
              {review.touched
                .filter((it) => it.manager === manager)
                .map(({ path }) => (
                  <li key={pathText(path)}>
                    <code>{pathText(path)}</code>
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </aside>
    </>
  )
}
