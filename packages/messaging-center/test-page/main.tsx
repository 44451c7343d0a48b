// `/messaging/test/`: for developers, a socket that is used by hand. In English, as what it shows is.
import { render } from 'preact'
import base from '../src/design/base.css?inline'
import choices from '../src/design/choices.css?inline'
import tokens from '../src/design/tokens.css?inline'
import looks from './test-page.css?inline'
import { TestPage } from './test-page.tsx'

const host = document.getElementById('test-page')
if (host) {
  const root = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync([tokens, base, choices, looks].join('\n'))
  root.adoptedStyleSheets = [sheet]
  render(<TestPage />, root)
}
