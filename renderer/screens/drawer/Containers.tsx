import { useQuery } from '@tanstack/react-query'
import type { ObjectRef } from '#gateway/place.ts'
import { openLogs, openShell } from '../../app/actions/open-panes.ts'
import { useRefusal } from '../../app/actions/refusal.ts'
import { Age } from '../../components/Age.tsx'
import { bytesText, cpuText } from '../../components/amounts.ts'
import { Status } from '../../components/Status.tsx'
import { hasRestarted } from '../../data/logs/restarted.ts'
import { usageOf } from '../../data/metrics.ts'
import { useMay } from '../../data/rights.ts'
import { useTexts } from '../../texts/texts.ts'
import { Section } from './Section.tsx'
import { stateOf, type Container } from './shape.ts'
import { SmallButton } from './SmallButton.tsx'
import styles from './drawer.module.css'

interface ContainersProps {
  readonly target: ObjectRef
  readonly containers: readonly Container[]
}

/** What runs, how it is, what it uses, and the two things one does with it most. */
export function Containers({ target, containers }: ContainersProps) {
  const t = useTexts('drawer')
  const isPod = target.group === '' && target.resource === 'pods'
  const { namespace = '', name } = target
  const { data } = useQuery(usageOf(target))
  const usage = data?.latest?.containers
  const about = { group: '', resource: 'pods', namespace, name }
  const [shell, logs] = useMay(
    target,
    isPod
      ? [
          { ...about, verb: 'create', subresource: 'exec' },
          { ...about, verb: 'get', subresource: 'log' },
        ]
      : [],
  )
  const refusal = useRefusal()
  const [noShell, noLogs] = [refusal(shell), refusal(logs)]
  return (
    <Section title={t('containers')} count={containers.length}>
      <ul className={styles['containers']}>
        {containers.map((it) => (
          <li key={it.name}>
            <div className={styles['containerHead']}>
              <b>{it.name}</b>
              {it.role !== 'main' && (
                <span className={styles['quiet']}>{t(`role.${it.role}`)}</span>
              )}
              <State container={it} />
              <span className={styles['space']} />
              {isPod && (
                <span className={styles['smalls']}>
                  <SmallButton
                    label={t('logs')}
                    refusal={noLogs}
                    onClick={() => {
                      openLogs(target, { container: it.name })
                    }}
                  />
                  {hasRestarted(it.status) && (
                    <SmallButton
                      label={t('previous')}
                      refusal={noLogs}
                      onClick={() => {
                        openLogs(target, { container: it.name, previous: true })
                      }}
                    />
                  )}
                  <SmallButton
                    label={t('shell')}
                    refusal={noShell}
                    onClick={() => {
                      openShell(target, it.name)
                    }}
                  />
                </span>
              )}
            </div>
            <p className={styles['image']}>{it.image}</p>
            <Facts container={it} usage={usage?.find(({ name: of }) => of === it.name)} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

function State({ container }: { container: Container }) {
  const t = useTexts('drawer')
  const state = stateOf(container, {
    running: t('running'),
    notReady: t('notReady'),
    waiting: t('waiting'),
    ended: t('ended'),
    exit: (reason, code) => t('exit', { reason, code }),
  })
  const { restartCount = 0, lastState } = container.status ?? {}
  const ended = lastState?.terminated
  return (
    <>
      {state && (
        <Status
          tone={state.tone}
          text={state.text}
          {...(state.detail !== undefined && { reason: state.detail })}
        />
      )}
      {restartCount > 0 && (
        <span className={styles['quiet']}>
          {t('restarts', { count: restartCount })}
          {ended?.finishedAt && (
            <>
              {' ('}
              <Age at={Date.parse(ended.finishedAt)} />{' '}
              {t('lastExit', { reason: ended.reason ?? '', code: ended.exitCode ?? 0 })})
            </>
          )}
        </span>
      )}
    </>
  )
}

interface FactsProps {
  readonly container: Container
  readonly usage: { readonly cpu: number; readonly memory: number } | undefined
}

function Facts({ container: { resources, ports, volumeMounts = [] }, usage }: FactsProps) {
  const t = useTexts('drawer')
  const bounds = (key: string) =>
    `${resources?.requests?.[key] ?? '–'} / ${resources?.limits?.[key] ?? '–'}`
  const some = resources?.requests !== undefined || resources?.limits !== undefined
  return (
    <p className={styles['containerFacts']}>
      {usage && (
        <span>{t('uses', { cpu: cpuText(usage.cpu), memory: bytesText(usage.memory) })}</span>
      )}
      {some && <span>{t('bounds', { cpu: bounds('cpu'), memory: bounds('memory') })}</span>}
      {ports && ports.length > 0 && (
        <span>{t('ports', { ports: ports.map((it) => it.containerPort).join(', ') })}</span>
      )}
      {volumeMounts.map(({ mountPath, name, readOnly }) => (
        <span key={mountPath}>
          {t(readOnly ? 'mountsToRead' : 'mounts', { path: mountPath, volume: name })}
        </span>
      ))}
    </p>
  )
}
