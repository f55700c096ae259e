import { Menu } from '@mantine/core'
import type { Action } from '../../app/actions/use-actions.ts'
import type { MenuPoint } from '../../components/grid/GridRow.tsx'
import { KeyHint } from '../../components/KeyHint.tsx'
import { useTexts } from '../../texts/texts.ts'
import styles from './list.module.css'

interface RowMenuProps {
  readonly at: MenuPoint
  readonly actions: readonly Action[]
  readonly onOpen: (tab?: string) => void
  readonly onClose: () => void
}

/** What can be done with a row, where it was asked for. */
export function RowMenu({ at, actions, onOpen, onClose }: RowMenuProps) {
  const t = useTexts('list')
  return (
    <Menu
      opened
      onClose={onClose}
      position="bottom-start"
      offset={2}
      width={240}
      transitionProps={{ duration: 0 }}
      returnFocus
    >
      <Menu.Target>
        <span className={styles['anchor']} style={{ left: at.x, top: at.y }} aria-hidden />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          rightSection={<KeyHint keys="enter" />}
          onClick={() => {
            onOpen()
          }}
        >
          {t('open')}
        </Menu.Item>
        <Menu.Item
          rightSection={<KeyHint keys="y" />}
          onClick={() => {
            onOpen('yaml')
          }}
        >
          {t('yaml')}
        </Menu.Item>
        <Menu.Divider />
        {actions.map(({ id, title, keys, danger, refusal, run }) => (
          <Menu.Item
            key={id}
            {...(danger && refusal === undefined && { color: 'red' })}
            title={refusal}
            aria-disabled={refusal !== undefined}
            data-refused={refusal !== undefined}
            className={styles['menuItem'] ?? ''}
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
  )
}
