import { hostname } from 'node:os'
import { desktopApi, desktopStreams, type DesktopEvent, type desktopEvents } from '#bridge'
import { gatewayApi } from '#gateway'
import { AppError } from '#gateway/errors.ts'
import type { z } from 'zod'
import type { Log } from './app/log.ts'
import type { MainWindow } from './app/main-window.ts'
import { mark, marks } from './app/marks.ts'
import { emit } from './bridge/events.ts'
import { forwardCalls } from './bridge/forwards.ts'
import { gatewayStreams } from './bridge/gateway-streams.ts'
import { gatewayCalls } from './bridge/gateways.ts'
import { Guard } from './bridge/guard.ts'
import { serve } from './bridge/serve.ts'
import { sessionCalls } from './bridge/session.ts'
import { shellCalls } from './bridge/shell.ts'
import { serveStreams } from './bridge/streams.ts'
import { withheldFromWindows } from './bridge/withheld.ts'
import { PinStore } from './gateway/pin-store.ts'
import { deviceNameFrom, GatewayRoom } from './gateway/room.ts'
import { Vault } from './gateway/vault.ts'
import { Local } from './local.ts'
import { ownFile, quit, versions } from './platform/application.ts'
import * as dialogs from './platform/dialogs.ts'
import { connectFrame, ipc } from './platform/ipc.ts'
import { keyring } from './platform/keyring.ts'
import { watchPower } from './platform/power.ts'
import { startUtilityHost } from './platform/utility-host.ts'
import { setNativeTheme } from './platform/window.ts'
import { Surroundings } from './surroundings.ts'

export interface Services {
  /** Leads the page, which must listen, to a path of its router. */
  navigate(path: string): void
  /** Whether closing the window may go on; when not, something is open that would end with it. */
  mayClose(): boolean
  /** A page has gone: its streams end. */
  pageLeft(pageId: number): void
  stop(): Promise<void>
}

/** Everything behind the window; it answers from the moment this returns. */
export function startServices(window: MainWindow, log: Log, ptyHost: string): Services {
  const tell = <E extends DesktopEvent>(event: E, value: Told<E>) => {
    emit(
      (channel, said) => {
        window.send(channel, said)
      },
      event,
      value,
    )
  }
  const room = new GatewayRoom({
    pins: new PinStore(ownFile('gateways.json')),
    vault: new Vault(ownFile('sessions'), keyring),
    deviceName: deviceNameFrom(hostname()),
  })
  const local = new Local({
    device: () => room.device,
    terminals: ownFile('terminals'),
    homes: ownFile('homes'),
    startHost: () => startUtilityHost(ptyHost),
    confirm: dialogs.confirmLocalTerminal,
    onTerminals: () => {
      around?.show()
    },
    onForwards: (forwards) => {
      tell('forwards', [...forwards])
      around?.show()
    },
    onRefused: (reason) => {
      log.info(`the loopback refused: ${reason}`)
    },
  })
  const guard = new Guard((pageId) => window.isOurs(pageId))
  const streams = serveBridge({ window, log, room, local, guard })
  room.onState((state) => {
    tell('session', state)
  })
  let around: Surroundings | undefined
  // The page comes first; menu and tray can wait for a turn.
  setTimeout(() => {
    around = new Surroundings({
      room,
      forwards: () => local.list(),
      terminals: () => local.terminals(),
      command: (command) => {
        window.open()
        tell('menu', { command })
      },
      open: (path) => {
        window.open(path)
      },
      quit,
      about: () => void dialogs.showAbout([...Object.values(versions()), `Log: ${log.file}`]),
      saveLog: () => void saveLog(log),
    })
    watchPower((woke) => {
      room.woke()
      tell('woke', woke)
      void around?.refresh()
    })
    mark('tray made')
  }, 0)

  return {
    navigate(path) {
      tell('navigate', { path })
    },
    mayClose() {
      const open = local.list().filter(({ status }) => status !== 'closed')
      if (open.length === 0 || !around?.hasTray) return true
      void dialogs.confirmStayInTray().then((stay) => {
        if (stay) window.hide()
        else quit()
      })
      return false
    },
    pageLeft(pageId) {
      streams.closeAll(pageId)
    },
    stop: () => local.stop(),
  }
}

/** What is in it has passed the redactor; where it goes is the person's choice. */
async function saveLog(log: Log): Promise<void> {
  const path = await dialogs.chooseFile('gatehouse.log')
  if (path === undefined) return
  try {
    await dialogs.writeChosen(path, log.text())
  } catch (error) {
    log.error('the log was not saved', error)
    dialogs.showFailure(`The log was not saved to ${path}`)
  }
}

type Told<E extends DesktopEvent> = z.input<(typeof desktopEvents)[E]>

interface Bridged {
  readonly window: MainWindow
  readonly log: Log
  readonly room: GatewayRoom
  readonly local: Local
  readonly guard: Guard
}

function serveBridge({ window, log, room, local, guard }: Bridged) {
  const failed = (channel: string, error: unknown) => {
    // What has a name was answered with it; strangers and mistakes of ours are written down.
    if (error instanceof AppError && error.code !== 'forbidden') return
    log.error(channel, error)
  }
  const home = { ipc, guard, failed }
  serve({
    ...home,
    home: 'gateway',
    api: gatewayApi,
    provider: room.client,
    withheld: withheldFromWindows,
  })
  serve({
    ...home,
    home: 'desktop',
    api: desktopApi,
    provider: {
      gateways: gatewayCalls(room, dialogs),
      session: sessionCalls(room, () => {
        window.pageListens()
      }),
      forwards: forwardCalls(local),
      shell: shellCalls({
        gatewayAddress: () => room.device?.address,
        confirmLink: dialogs.confirmLink,
        openLink: dialogs.openLink,
        chooseFile: dialogs.chooseFile,
        writeFile: dialogs.writeChosen,
        setTheme: (theme) => {
          window.setTheme(theme)
          setNativeTheme(theme)
        },
        about: () => ({ ...versions(), marks: marks() }),
      }),
    },
  })
  return serveStreams({
    ...home,
    contracts: desktopStreams,
    openers: {
      ...gatewayStreams(() => room.device),
      localTerminal: (input, port) => local.openTerminal(input, port),
    },
    connect: connectFrame,
  })
}
