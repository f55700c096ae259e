import { hrefOf } from '../../app/route.ts'
import { ErrorPanel } from '../../components/ErrorPanel.tsx'
import { useSession } from '../../data/session.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'
import type { AuditSearch } from './audit-filter.ts'
import { AuditPage } from './AuditPage.tsx'
import { ClustersPage } from './ClustersPage.tsx'
import { GrantsPage } from './GrantsPage.tsx'
import { PeoplePage } from './PeoplePage.tsx'
import { SessionsPage } from './SessionsPage.tsx'

const pages = {
  clusters: ClustersPage,
  people: PeoplePage,
  grants: GrantsPage,
  sessions: SessionsPage,
  audit: AuditPage,
} as const
type PageName = keyof typeof pages

const isPage = (name: string): name is PageName => Object.hasOwn(pages, name)

/** Administration of the gateway itself: who may reach which cluster, and what was done. */
export function AdminScreen({ page, filter }: { page: string; filter: AuditSearch | undefined }) {
  const t = useTexts('admin')
  const session = useSession()
  if (session.status !== 'signed in' || !session.person.admin)
    return <ErrorPanel title={t('forbiddenTitle')} detail={t('forbidden')} />
  const name = isPage(page) ? page : 'clusters'
  const Page = pages[name]
  return (
    <div className={styles['screen']}>
      <nav className={styles['pages']} aria-label={t('title')}>
        {(Object.keys(pages) as PageName[]).map((it) => (
          <a
            key={it}
            href={hrefOf({ screen: 'admin', page: it })}
            aria-current={it === name ? 'page' : undefined}
          >
            {t(it)}
          </a>
        ))}
      </nav>
      <Page filter={filter} />
    </div>
  )
}
