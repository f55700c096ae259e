import { Button } from '@mantine/core'
import type { EventFilter } from '#gateway/events.ts'
import { Dialog } from '../../components/Dialog.tsx'
import { home } from '../../data/bridge.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'
import { exportCommand, exportHref } from './audit-filter.ts'
import { Copy } from './Copy.tsx'

/** The records that fit, for keeping: a browser loads them down, a command line writes a file that can be checked. */
export function ExportDialog({ filter, onClose }: { filter: EventFilter; onClose: () => void }) {
  const t = useTexts('admin')
  const command = exportCommand(filter)
  return (
    <Dialog wide title={t('auditExportTitle')} onClose={onClose}>
      <div className={styles['stack']}>
        <p>{t('auditExportText')}</p>
        {home === 'web' && (
          <Button
            component="a"
            size="xs"
            href={exportHref(filter)}
            download="gatehouse-audit.ndjson"
            data-autofocus
          >
            {t('auditDownload')}
          </Button>
        )}
        <p className={styles['dim']}>{t('auditCommand')}</p>
        <p className={styles['copied']}>
          <code className={styles['mono']}>{command}</code>
          <Copy text={command} />
        </p>
      </div>
    </Dialog>
  )
}
