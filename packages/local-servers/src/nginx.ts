import { spawnSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ServerHandle, startChild } from './child-process.ts'
import { findCommand } from './find-command.ts'
import { becomesReady, takesConnections } from './readiness.ts'

export interface NginxOptions {
  /**
   * The text of nginx.conf. Relative paths in it are inside `prefixDir`; for a user other than root it has to say where pid file,
   * access log and the `*_temp_path` folders are. `daemon` and `error_log` are set here.
   */
  config: string
  /** Made where it does not exist; nginx.conf is written into it. */
  prefixDir: string
  /** The port it is ready on. */
  port: number
  log?: (line: string) => void
}

export interface NginxServer extends ServerHandle {
  readonly port: number
}

const READY_MS = 10_000
const STOP_MS = 10_000

export function findNginx(): string | undefined {
  return findCommand('nginx')
}

/**
 * Starts nginx and resolves when `port` takes connections; a mistake in the configuration rejects with nginx's own words.
 * `stop()` lets open requests finish, at most 10 s.
 */
export async function startNginx({ config, prefixDir, port, log }: NginxOptions): Promise<NginxServer> {
  const command = findNginx()
  if (!command) throw new Error('nginx is not installed (Debian: apt-get install nginx)')
  await mkdir(prefixDir, { recursive: true })
  await writeFile(join(prefixDir, 'nginx.conf'), config)
  const args = ['-p', prefixDir, '-c', 'nginx.conf', '-e', 'stderr', '-g', 'daemon off;']
  const check = spawnSync(command, [...args, '-t', '-q'], { encoding: 'utf8' })
  if (check.status !== 0) throw new Error(`nginx refuses its configuration:\n${check.stderr}`)
  const child = await startChild({ command, args, deathSignal: 'SIGTERM', ...(log ? { log } : {}) })
  try {
    await becomesReady(child, () => takesConnections(port), READY_MS)
  } catch (error) {
    await child.stop({ signal: 'SIGTERM' })
    throw new Error(`nginx did not start on port ${port}:\n${child.output()}`, { cause: error })
  }
  return {
    port,
    pid: child.pid,
    exited: child.exited,
    async stop() {
      await child.stop({ signal: 'SIGQUIT', grace_ms: STOP_MS })
    }
  }
}
