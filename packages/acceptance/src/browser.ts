import { existsSync } from 'node:fs'
import { installDebianPackage } from '@parley/local-servers'
import { type Browser, chromium } from 'playwright-core'

const executablePath = '/usr/bin/chromium'
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
]

/** Debian's Chromium, installed where that is possible; undefined where it is not to be had. */
export async function launchBrowser(): Promise<Browser | undefined> {
  if (!existsSync(executablePath) && !(await installDebianPackage('chromium'))) return undefined
  return chromium.launch({ executablePath, args })
}
