import type { Context } from '#gateway/contexts.ts'
import type { Place } from '#gateway/place.ts'
import type { Forward } from '#bridge/forwards.ts'
import type { MenuCommand } from '#bridge/menu.ts'
import type { SessionState } from '#bridge/session.ts'
import type { GatewayRoom } from './gateway/room.ts'
import { setMenu } from './platform/menu.ts'
import { makeTray, type AppTray } from './platform/tray.ts'
import type { TrayAction } from './app/tray-menu.ts'

interface Around {
  readonly room: GatewayRoom
  readonly forwards: () => readonly Forward[]
  readonly terminals: () => readonly Place[]
  readonly command: (name: MenuCommand) => void
  /** Shows the window, perhaps at a path. */
  readonly open: (path?: string) => void
  readonly quit: () => void
  readonly about: () => void
  readonly saveLog: () => void
}

/** Menu and tray: what the app says and offers beside its window. */
export class Surroundings {
  readonly #around: Around
  readonly #tray: AppTray | undefined
  #contexts: readonly Context[] = []
  /** Whose contexts these are. */
  #of = ''
  #menuSignedIn: boolean | undefined

  constructor(around: Around) {
    this.#around = around
    const { room } = around
    this.#tray = makeTray((action) => {
      this.#act(action)
    })
    room.onState((state) => {
      this.#follow(state)
    })
    this.#follow(room.state)
  }

  /** Whether the app can be reached without its window. */
  get hasTray(): boolean {
    return this.#tray !== undefined
  }

  show(): void {
    const { room, forwards, terminals } = this.#around
    this.#tray?.show({
      session: room.state,
      contexts: this.#contexts,
      forwards: forwards(),
      terminals: terminals(),
      others: room.others(),
    })
  }

  /** Contexts change when an administrator grants or takes; they are read with each session and after a sleep. */
  async refresh(): Promise<void> {
    const { room } = this.#around
    if (room.state.status !== 'signed in') return
    this.#contexts = await room.client.contexts.list({}).catch(() => this.#contexts)
    this.show()
  }

  #follow(state: SessionState): void {
    this.#offer(state.status === 'signed in')
    const who = state.status === 'signed in' ? `${state.gatewayId} ${state.person.id}` : ''
    if (who !== this.#of) {
      this.#of = who
      this.#contexts = []
      if (who !== '') void this.refresh()
    }
    this.show()
  }

  /** The menu is made anew only when it would differ: an open one closes by that. */
  #offer(signedIn: boolean): void {
    if (this.#menuSignedIn === signedIn) return
    this.#menuSignedIn = signedIn
    const { open: navigate, command, about, room, saveLog } = this.#around
    const signOut = () => void room.signOut().catch(() => undefined)
    setMenu({ navigate, command, about, saveLog, signOut, signedIn })
  }

  #act(action: TrayAction): void {
    const { open, quit, room } = this.#around
    switch (action.do) {
      case 'open':
        open(action.path)
        return
      case 'switch':
        room.select(action.gatewayId)
        open()
        return
      case 'sign out':
        void room.signOut().catch(() => undefined)
        return
      case 'quit':
        quit()
    }
  }
}
