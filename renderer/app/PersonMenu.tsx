import { Menu } from '@mantine/core'
import { IconCheck, IconLogout, IconSettings } from '@tabler/icons-react'
import { signOut, type Session } from '../data/session.ts'
import { useTexts } from '../texts/texts.ts'
import { setPrefs, usePrefs } from './prefs.ts'
import { go } from './route.ts'
import { useTheme } from './theme-commands.ts'
import styles from './TopBar.module.css'

const check = (chosen: boolean) =>
  chosen ? <IconCheck size={14} /> : <span style={{ width: 14 }} />

export function PersonMenu({ session }: { session: Extract<Session, { status: 'signed in' }> }) {
  const t = useTexts('frame')
  const { theme, choose } = useTheme()
  const density = usePrefs((it) => it.density)
  return (
    <Menu position="bottom-end" width={220} withinPortal={false} transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <button
          type="button"
          className={styles['person']}
          aria-label={t('person', session.person)}
          data-initials={session.person.name.slice(0, 2)}
        />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {session.person.name} · {session.address}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>{t('themeTitle')}</Menu.Label>
        {(['light', 'dark', 'auto'] as const).map((it) => (
          <Menu.Item
            key={it}
            closeMenuOnClick={false}
            leftSection={check(theme === it)}
            onClick={() => {
              choose(it)
            }}
          >
            {t(`theme.${it}`)}
          </Menu.Item>
        ))}
        <Menu.Label>{t('densityTitle')}</Menu.Label>
        {(['compact', 'normal', 'roomy'] as const).map((it) => (
          <Menu.Item
            key={it}
            closeMenuOnClick={false}
            leftSection={check(density === it)}
            onClick={() => {
              setPrefs({ density: it })
            }}
          >
            {t(`density.${it}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconSettings size={14} />}
          onClick={() => {
            go({ screen: 'settings' })
          }}
        >
          {t('settings')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={14} />} onClick={() => void signOut()}>
          {t('signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
