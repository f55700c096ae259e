import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTheme, type Theme } from '../../app/theme-commands.ts'
import { setPrefs, usePrefs, type Density } from '../../app/prefs.ts'
import { aboutApp } from '../../data/about.ts'
import { useSession } from '../../data/session.ts'
import { useTexts } from '../../texts/texts.ts'
import { OwnPermissions } from './OwnPermissions.tsx'
import { OwnSessions } from './OwnSessions.tsx'
import { PasswordForm } from './PasswordForm.tsx'
import styles from './settings.module.css'

const themes = ['light', 'dark', 'auto'] as const satisfies readonly Theme[]
const densities = ['compact', 'normal', 'roomy'] as const satisfies readonly Density[]

/** What a person likes on this machine, their own account, and what this is. */
export function SettingsScreen() {
  const t = useTexts('frame')
  const own = useTexts('settings')
  return (
    <div className={styles['page']}>
      <Look />
      <h2>{own('permissions')}</h2>
      <OwnPermissions />
      <h2>{own('sessions')}</h2>
      <OwnSessions />
      <h2>{own('password')}</h2>
      <PasswordForm />
      <h2>{t('about')}</h2>
      <About />
    </div>
  )
}

function Look() {
  const t = useTexts('frame')
  const { theme, choose } = useTheme()
  const density = usePrefs((it) => it.density)
  return (
    <>
      <h2>{t('themeTitle')}</h2>
      <SegmentedControl
        size="xs"
        aria-label={t('themeTitle')}
        value={theme}
        data={themes.map((value) => ({ value, label: t(`theme.${value}`) }))}
        onChange={choose}
      />
      <h2>{t('densityTitle')}</h2>
      <SegmentedControl
        size="xs"
        aria-label={t('densityTitle')}
        value={density}
        data={densities.map((value) => ({ value, label: t(`density.${value}`) }))}
        onChange={(value) => {
          setPrefs({ density: value })
        }}
      />
    </>
  )
}

function About() {
  const t = useTexts('frame')
  const session = useSession()
  const { data: about } = useQuery(aboutApp)
  return (
    <dl>
      {session.status === 'signed in' && (
        <>
          <dt>{t('gateway')}</dt>
          <dd>{session.address}</dd>
          {session.kept && (
            <>
              <dt>{t('sessionKept')}</dt>
              <dd>{t(`kept.${session.kept}`)}</dd>
            </>
          )}
        </>
      )}
      {about?.map(([name, value]) => (
        <div key={name}>
          <dt>{t(`aboutApp.${name}`)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
