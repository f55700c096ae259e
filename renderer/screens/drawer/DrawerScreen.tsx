import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import type { DrawerTab } from '#bridge/drawer-tabs.ts'
import { AppError } from '#gateway/errors.ts'
import type { KubernetesObject, ObjectRef } from '#gateway/place.ts'
import { useActionCommands, useActions } from '../../app/actions/use-actions.ts'
import { useCommands } from '../../app/commands.ts'
import { useKind } from '../../app/places.ts'
import { go, hrefOf, type ListRoute } from '../../app/route.ts'
import { remember } from '../../app/prefs.ts'
import { ErrorPanel } from '../../components/ErrorPanel.tsx'
import { Loading } from '../../components/Loading.tsx'
import { useConnection } from '../../data/connection.ts'
import { podHasRestarted } from '../../data/logs/restarted.ts'
import { descriptionOf, objectOf } from '../../data/objects.ts'
import { useTexts } from '../../texts/texts.ts'
import { ActionStrip } from './ActionStrip.tsx'
import { DrawerHeader } from './DrawerHeader.tsx'
import { DrawerTabs } from './DrawerTabs.tsx'
import { Events } from './Events.tsx'
import { haltingOf, shapeOf } from './shape.ts'
import { Summary } from './Summary.tsx'
import { Yaml } from './Yaml.tsx'
import styles from './drawer.module.css'

interface DrawerProps {
  readonly route: ListRoute
  readonly target: ObjectRef
}

/** One object: why it is as it is first, then what can be done, then the rest. */
export function DrawerScreen({ route, target }: DrawerProps) {
  const t = useTexts('drawer')
  const object = useQuery(objectOf(target))
  const description = useQuery(descriptionOf(target))
  const kind = useKind(target, target)
  const targets = useMemo(() => [target], [target])
  const actions = useObjectActions(targets, object.data)
  // Beside a list the keys belong to the list, whose row this is.
  useActionCommands(route.full ? actions : [], t('keysActions'))
  useCommands(
    route.full
      ? [
          {
            id: 'drawer-back',
            title: t('beside'),
            keys: 'escape',
            section: t('keysActions'),
            run: () => {
              const { full: _, ...rest } = route
              go(rest)
            },
          },
        ]
      : [],
  )
  // A request on a dead network fails only much later.
  const lost = useConnection(({ status }) => status === 'lost')
  const refused = isRefused(object.error)
  const tab = tabOf(route.tab)
  const title = kind?.kind ?? target.resource
  useEffect(() => {
    remember(`${title} ${target.name}`, hrefOf(route).slice(1))
  }, [title, target.name, route])

  const show = (next: DrawerTab) => {
    const { tab: _, ...rest } = route
    go(next === 'summary' ? rest : { ...rest, tab: next }, 'replace')
  }
  return (
    <>
      <DrawerHeader
        route={route}
        target={target}
        kind={title}
        status={refused ? undefined : description.data}
        stale={!refused && (object.isRefetchError || lost) ? object.dataUpdatedAt : undefined}
      />
      <ActionStrip actions={actions} />
      <DrawerTabs tab={tab} onTab={show} />
      <div className={styles['scroll']} role="tabpanel" aria-label={t(`tabs.${tab}`)} tabIndex={0}>
        {object.data && !refused ? (
          <Content tab={tab} target={target} object={object.data} kind={title} />
        ) : object.error ? (
          <ErrorPanel
            title={t('unreadable', { name: target.name })}
            detail={object.error.message}
            action={{ label: t('retry'), run: () => void object.refetch() }}
          />
        ) : (
          <Loading />
        )}
      </div>
    </>
  )
}

/** Some is offered only for what an object does now, or did before; its object tells. */
function useObjectActions(targets: readonly ObjectRef[], object: KubernetesObject | undefined) {
  const isPod = targets.every((it) => it.group === '' && it.resource === 'pods')
  const restarted = !isPod || !object || podHasRestarted(object)
  const shape = object && shapeOf(object)
  return useActions(targets, {
    halting: shape && haltingOf(shape),
    restarted,
    uids: [shape?.metadata?.uid],
  })
}

/** What may be read no more is not shown any longer either. */
const isRefused = (error: Error | null) => error instanceof AppError && error.code === 'forbidden'

const tabOf = (tab: string | undefined): DrawerTab =>
  tab === 'yaml' || tab === 'events' ? tab : 'summary'

interface ContentProps {
  readonly tab: DrawerTab
  readonly target: ObjectRef
  readonly object: Record<string, unknown>
  readonly kind: string
}

function Content({ tab, target, object, kind }: ContentProps) {
  switch (tab) {
    case 'yaml':
      return <Yaml object={object} />
    case 'events':
      return <Events target={target} object={shapeOf(object)} kind={kind} />
    case 'summary':
      return <Summary target={target} object={shapeOf(object)} kind={kind} />
  }
}
