/**
 * `<parley-messaging>`: the whole messaging center in any page.
 *
 * @example
 * <script type="module" src="https://chat.example.com/messaging/element.js"></script>
 * <parley-messaging></parley-messaging>
 */
import { render } from 'preact'
import { App } from './app/app.tsx'
import { hashRouter, memoryRouter } from './app/router.ts'
import { createSession } from './app/session.ts'
import { styleSheet } from './design/style-sheet.ts'
import { Preferred } from './settings/preferred.tsx'

class MessagingElement extends HTMLElement {
  /** Set before it is put into a page, also before this is loaded: a product's own sign-in, see the client's `token`. */
  declare token?: () => string | Promise<string>

  connectedCallback(): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' })
    root.adoptedStyleSheets = [styleSheet()]
    const server = this.getAttribute('server')
    const session = createSession({
      ...(server ? { server } : {}),
      ...(this.token ? { token: this.token } : {})
    })
    const router = this.getAttribute('routing') === 'hash' ? hashRouter() : memoryRouter()
    render(
      <Preferred host={this}>
        <App session={session} router={router} />
      </Preferred>,
      root
    )
  }

  disconnectedCallback(): void {
    if (this.shadowRoot) render(null, this.shadowRoot)
  }
}

customElements.define('parley-messaging', MessagingElement)
