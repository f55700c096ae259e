import { Component, type ReactNode } from 'react'
import { ErrorPanel } from '../components/ErrorPanel.tsx'
import { textsOf } from '../texts/texts.ts'

interface Props {
  readonly children: ReactNode
  /** Another value tries again: the address, for a screen. */
  readonly resetKey?: string
}

/** Keeps a failure to the part of the window in which it happened. */
export class ErrorBoundary extends Component<Props, { error: unknown; failed: boolean }> {
  override state = { error: undefined as unknown, failed: false }

  static getDerivedStateFromError(error: unknown) {
    return { error, failed: true }
  }

  override componentDidUpdate(before: Props) {
    if (this.state.failed && before.resetKey !== this.props.resetKey) this.#retry()
  }

  override render() {
    if (!this.state.failed) return this.props.children
    const t = textsOf('errors')
    const { error } = this.state
    const message = error instanceof Error && error.name === 'AppError' ? error.message : undefined
    return (
      <ErrorPanel
        title={t('brokenTitle')}
        detail={message ?? t('brokenDetail')}
        action={{
          label: t('retry'),
          run: () => {
            this.#retry()
          },
        }}
      />
    )
  }

  #retry() {
    this.setState({ error: undefined, failed: false })
  }
}
