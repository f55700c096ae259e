import { AppError, type ErrorBody } from '#gateway/errors.ts'
import { ViewAnswer, type ViewAsk } from '#gateway/views.ts'
import { gateway, onDesktop, openStream, type StreamLink } from './bridge.ts'
import { useConnection } from './connection.ts'
import { queries, reportError } from './queries.ts'

interface LineEars {
  opened(): void
  answered(answer: ViewAnswer): void
  lost(since: number): void
  refused(error: ErrorBody): void
  isUsed(): boolean
}

const backOff = { first: 500, most: 15_000 }
const heartbeat = { tick: 1_500, quiet: 6_000, patience: 4_000 }

/** The window’s one stream of views. It opens when the first view does and comes back by itself. */
export function createViewsLine(ears: LineEars) {
  let link: StreamLink | undefined
  let isOpen = false
  let attempts = 0
  let retryTimer: ReturnType<typeof setTimeout> | undefined
  let lastHeard = 0
  let wanted = false
  let checked: StreamLink | undefined

  const open = () => {
    clearTimeout(retryTimer)
    retryTimer = undefined
    if (link) return
    if (useConnection.getState().status === 'idle') tell('connecting')
    const mine: StreamLink = openStream(
      'views',
      {},
      {
        opened: () => {
          attempts = 0
          isOpen = true
          tell('open')
          askAgain()
          ears.opened()
        },
        heard: () => {
          lastHeard = Date.now()
        },
        message: (message) => {
          ears.answered(ViewAnswer.parse(message))
        },
        closed: (reason, error) => {
          if (link !== mine) return
          drop(reason)
          if (error && !mayPass(error)) refuse(error)
          else if (wanted) again()
        },
      },
    )
    link = mine
  }

  const drop = (reason: string | undefined) => {
    link = undefined
    isOpen = false
    if (!wanted) return tell('idle')
    const before = useConnection.getState()
    const since = before.status === 'lost' ? before.since : lastHeard || Date.now()
    useConnection.setState({ status: 'lost', since, ...(reason && { reason }) }, true)
    ears.lost(since)
  }

  const refuse = (error: ErrorBody) => {
    reportError(AppError.from(error))
    ears.refused(error)
  }

  const again = () => {
    if (retryTimer) return
    const most = Math.min(backOff.most, backOff.first * 2 ** attempts)
    attempts += 1
    // Many windows lose a gateway at once; they must not all come back at once.
    retryTimer = setTimeout(open, most / 2 + (Math.random() * most) / 2)
  }

  /** A dead network closes no socket: silence is answered by a question. */
  const check = async () => {
    if (!wanted || !isOpen) return wanted && retryTimer ? open() : undefined
    if (link === checked) return
    const asked = link
    checked = link
    const answered = await Promise.race([
      gateway.entry.status({}).then(
        () => true,
        () => false,
      ),
      new Promise<false>((resolve) => {
        setTimeout(resolve, heartbeat.patience, false)
      }),
    ])
    checked = undefined
    if (answered) lastHeard = Date.now()
    else if (link === asked && isOpen) breakOff()
  }

  const breakOff = () => {
    const dead = link
    drop(undefined)
    dead?.close()
    again()
  }

  setInterval(() => {
    if (!document.hidden && Date.now() - lastHeard >= heartbeat.quiet) void check()
  }, heartbeat.tick)
  window.addEventListener('online', () => void check())
  window.addEventListener('offline', () => {
    if (isOpen) breakOff()
  })
  onDesktop('woke', () => void check())

  return {
    /** Asks that come while there is no line are made when there is one: every view opens anew. */
    send: (ask: ViewAsk) => {
      if (isOpen) link?.send(ask)
    },
    wake: () => {
      wanted = true
      if (!retryTimer) open()
    },
    /** No view is left: the line is given up a moment later, as the next screen may want it. */
    rest: () => {
      setTimeout(() => {
        if (ears.isUsed()) return
        wanted = false
        clearTimeout(retryTimer)
        retryTimer = undefined
        link?.close()
      }, 1000)
    },
    check: () => void check(),
  }

  function tell(status: 'idle' | 'connecting' | 'open') {
    useConnection.setState({ status, since: Date.now() }, true)
  }
}

/** What was asked of a network that was dead, or failed on it, is asked anew. */
function askAgain() {
  void queries.invalidateQueries({
    predicate: ({ state }) => state.fetchStatus !== 'idle' || state.status === 'error',
  })
}

const mayPass = ({ code }: ErrorBody) =>
  code === 'unavailable' ||
  code === 'rate_limited' ||
  code === 'internal' ||
  code === 'bad_gateway' ||
  code === 'gateway_timeout'
