import { Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import type { Action } from '../../app/actions/use-actions.ts'
import { KeyHint } from '../../components/KeyHint.tsx'
import { useTexts } from '../../texts/texts.ts'
import styles from './drawer.module.css'

const atOnce = 5

/** The first few actions as buttons, the others one step away; what is refused says why. */
export function ActionStrip({ actions }: { actions: readonly Action[] }) {
  const t = useTexts('actions')
  const likely = actions.filter((it) => it.id !== 'remove')
  const shown = likely.slice(0, atOnce)
  const rest = [...likely.slice(atOnce), ...actions.filter((it) => it.id === 'remove')]
  return (
    <div className={styles['strip']} role="toolbar" aria-label={t('more')}>
      {shown.map((it) => (
        <StripButton key={it.id} action={it} />
      ))}
      {rest.length === 1 && rest[0] ? (
        <StripButton action={rest[0]} />
      ) : (
        <Menu position="bottom-end" width={230} transitionProps={{ duration: 0 }}>
          <Menu.Target>
            <button type="button" className={styles['action']} aria-label={t('more')}>
              <IconDots size={15} />
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            {rest.map(({ id, title, keys, danger, refusal, run }) => (
              <Menu.Item
                key={id}
                {...(danger && refusal === undefined && { color: 'red' })}
                aria-disabled={refusal !== undefined}
                className={styles['menuItem'] ?? ''}
                data-refused={refusal !== undefined}
                closeMenuOnClick={refusal === undefined}
                rightSection={keys && <KeyHint keys={keys} />}
                onClick={() => {
                  if (refusal === undefined) run()
                }}
              >
                {title}
                {refusal !== undefined && <small className={styles['refusal']}>{refusal}</small>}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  )
}

function StripButton({ action }: { action: Action }) {
  const { id, title, keys, danger, refusal, run } = action
  return (
    <button
      type="button"
      className={styles['action']}
      data-danger={danger}
      aria-disabled={refusal !== undefined}
      title={refusal ?? (keys ? `${title} (${keys})` : title)}
      {...(refusal !== undefined && { 'aria-describedby': `refusal-${id}` })}
      onClick={() => {
        if (refusal === undefined) run()
      }}
    >
      {title}
      {refusal !== undefined && (
        <span id={`refusal-${id}`} className="gh-visually-hidden" aria-hidden>
          {refusal}
        </span>
      )}
    </button>
  )
}
