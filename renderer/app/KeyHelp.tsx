import { Modal } from '@mantine/core'
import { useMemo } from 'react'
import { KeyHint } from '../components/KeyHint.tsx'
import { useTexts } from '../texts/texts.ts'
import { presentCommands, type Command } from './commands.ts'
import { dockFocusKeys } from './dock-focus.ts'
import styles from './KeyHelp.module.css'

/** The keys that do something in the present view. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  const t = useTexts('frame')
  const sections = useMemo(bySection, [])
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('keyHelp')}
      size={720}
      centered
      closeButtonProps={{ 'aria-label': t('keyHelpClose') }}
      transitionProps={{ duration: 80 }}
    >
      <div className={styles['sections']}>
        {sections.map(([section, commands]) => (
          <section key={section}>
            <h3>{section}</h3>
            {section === t('keysFrame') && (
              <p>
                {t('keysTerminal')} <KeyHint keys={dockFocusKeys} /> {t('keysTerminalLeave')}
              </p>
            )}
            <dl>
              {commands.map(({ title, keys }) => (
                <div key={title}>
                  <dt>{title}</dt>
                  <dd>
                    {keys.map((it) => (
                      <KeyHint key={it} keys={it} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  )
}

/** Several keys for one thing stand on one line. */
function bySection() {
  const sections = new Map<string, Map<string, { title: string; keys: string[] }>>()
  for (const { section, title, keys } of presentCommands().filter(hasKeys)) {
    const lines = sections.get(section) ?? new Map<string, { title: string; keys: string[] }>()
    const line = lines.get(title) ?? { title, keys: [] }
    if (!line.keys.includes(keys)) line.keys.push(keys)
    lines.set(title, line)
    sections.set(section, lines)
  }
  return [...sections].map(([section, lines]) => [section, [...lines.values()]] as const)
}

const hasKeys = (it: Command): it is Command & { keys: string } => it.keys !== undefined
