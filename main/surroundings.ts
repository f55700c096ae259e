import type { Context } from '#gateway/contexts.ts'
import type { Forward } from '#bridge/forwards.ts'
import type { SessionState } from '#bridge/session.ts'
import type { GatewayRoom } from './gateway/room.ts'
import { setMenu } from './platform/menu.ts'
import { makeTray, type AppTray } from './platform/tray.ts'
import type { TrayAction } from './app/tray-menu.ts'

interface Around {
  readonly room: GatewayRoom
  readonly forwards: () => readonly Forward[]
  readonly navigate: (path: string) => void
  readonly open: () => void
  readonly quit: () => void
  readonly about: () => void
}

/** Menu and tray: what the app says and offers beside its window. */
export class Surroundings {
  readonly #around: Around
  readonly #tray: AppTray | undefined
  #contexts: readonly Context[] = []
  /** Whose contexts these are. */
  #of = ''

  constructor(around: Around) {
    this.#around = around
    const { navigate, about, room } = around
    setMenu({ navigate, about, signOut: () => void room.signOut().catch(() => undefined) })
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
    const { room, forwards } = this.#around
    this.#tray?.show({ session: room.state, contexts: this.#contexts, forwards: forwards() })
  }

  /** Contexts change when an administrator grants or takes; they are read with each session and after a sleep. */
  async refresh(): Promise<void> {
    const { room } = this.#around
    if (room.state.status !== 'signed in') return
    this.#contexts = await room.client.contexts.list({}).catch(() => this.#contexts)
    this.show()
  }

  #follow(state: SessionState): void {
    const who = state.status === 'signed in' ? `${state.gatewayId} ${state.person.id}` : ''
    if (who !== this.#of) {
      this.#of = who
      this.#contexts = []
      if (who !== '') void this.refresh()
    }
    this.show()
  }

  #act(action: TrayAction): void {
    const { open, navigate, quit, room } = this.#around
    switch (action.do) {
      case 'open':
        open()
        if (action.path !== undefined) navigate(action.path)
        return
      case 'sign out':
        void room.signOut().catch(() => undefined)
        return
      case 'quit':
        quit()
    }
  }
}
