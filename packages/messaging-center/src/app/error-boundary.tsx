import { Component, type ComponentChildren } from 'preact'
import { Button } from '../design/button.tsx'
import { Icon } from '../design/icon.tsx'
import { useStrings } from './context.ts'

interface Props {
  owns_page: boolean
  children: ComponentChildren
}

/** Catches what nobody foresaw: says so, and begins again, where the page is ours by loading it anew. */
export class ErrorBoundary extends Component<Props, { error?: unknown }> {
  static override getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error }
  }

  override componentDidCatch(error: unknown): void {
    // For whoever looks for the cause.
    reportError(error)
  }

  override render() {
    if (this.state.error === undefined) return this.props.children
    const again = () => {
      if (this.props.owns_page) location.reload()
      else this.setState({ error: undefined })
    }
    return <Broken owns_page={this.props.owns_page} again={again} />
  }
}

function Broken({ owns_page, again }: { owns_page: boolean; again: () => void }) {
  const { t } = useStrings()
  return (
    <main class="app-door">
      <div class="state" role="alert">
        <span class="state-icon">
          <Icon name="warning" />
        </span>
        <h1 class="state-title">{t('app.broken')}</h1>
        <p class="state-text">{t('app.brokenHint')}</p>
        <Button look="primary" icon="refresh" onClick={again}>
          {t(owns_page ? 'app.reload' : 'common.retry')}
        </Button>
      </div>
    </main>
  )
}
