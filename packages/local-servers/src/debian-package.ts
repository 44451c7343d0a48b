import { spawnSync } from 'node:child_process'
import { findCommand } from './find-command.ts'
import { lockWithin } from './process-lock.ts'

const INSTALL_MS = 300_000
const done = new Map<string, boolean>()

/**
 * Installs a Debian package where this process is root and apt-get exists; false everywhere else, and where apt fails (its output
 * goes to stderr). Tried once per process and package; processes that want to at the same time take turns.
 *
 * @example
 * if (!findNatsServer() && !(await installDebianPackage('nats-server'))) t.skip('nats-server is not to be had')
 */
export async function installDebianPackage(name: string): Promise<boolean> {
  if (!/^[a-z0-9][a-z0-9.+-]+$/.test(name)) throw new TypeError(`${name} is no Debian package name`)
  const known = done.get(name)
  if (known !== undefined) return known
  const installed = await install(name)
  done.set(name, installed)
  return installed
}

async function install(name: string): Promise<boolean> {
  if (process.getuid?.() !== 0 || !findCommand('apt-get')) return false
  const lock = await lockWithin('apt-get', INSTALL_MS)
  if (!lock) return false
  try {
    return isInstalled(name) || (aptGet('update') && aptGet('install', '-y', '--no-install-recommends', name))
  } finally {
    await lock.release()
  }
}

function isInstalled(name: string): boolean {
  const query = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status}', name], { encoding: 'utf8' })
  return query.stdout === 'installed'
}

function aptGet(...args: string[]): boolean {
  const { status } = spawnSync('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=120', ...args], {
    stdio: ['ignore', 2, 2],
    timeout: INSTALL_MS,
    // Runlevel 1 keeps the package's own service from being started.
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  })
  return status === 0
}
