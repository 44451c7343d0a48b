import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Child, type ServerHandle, startChild } from './child-process.ts'
import { findCommand } from './find-command.ts'
import { freePort } from './free-port.ts'
import { becomesReady } from './readiness.ts'

export interface NatsServerOptions {
  /** Where JetStream keeps its streams, beside the configuration. Without it: a new temporary folder, removed by `stop()`. */
  storeDir?: string
  /** Without it a free one. A server can be started again on the port it had. */
  port?: number
  /** The text of a configuration file (users, permissions, …); address, port and store stay those given here. */
  config?: string
  log?: (line: string) => void
}

export interface NatsServer extends ServerHandle {
  /** Without user and password. Example: `nats://127.0.0.1:4222`. */
  readonly url: string
  readonly port: number
  readonly storeDir: string
  /** `kill -9`, and waits until it is gone. The store stays. */
  kill(): Promise<void>
  /** SIGSTOP, and waits until it stands still: it holds its connections and answers nothing. */
  pause(): Promise<void>
  resume(): void
}

const READY_MS = 20_000
const STOP_MS = 10_000

/** The path of nats-server on this machine. */
export function findNatsServer(): string | undefined {
  return findCommand('nats-server')
}

/**
 * Starts nats-server with JetStream on 127.0.0.1 and resolves when it answers.
 *
 * @example
 * let nats = await startNatsServer({ storeDir })
 * await nats.kill()
 * nats = await startNatsServer({ storeDir, port: nats.port })
 */
export async function startNatsServer(options: NatsServerOptions = {}): Promise<NatsServer> {
  const command = findNatsServer()
  if (!command) throw new Error('nats-server is not installed (Debian: apt-get install nats-server)')
  const storeDir = options.storeDir ?? (await mkdtemp(join(tmpdir(), 'parley-nats-')))
  await mkdir(storeDir, { recursive: true })
  await removePortsFiles(storeDir)
  const port = options.port ?? (await freePort())
  const args = ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', storeDir, '--ports_file_dir', storeDir]
  if (options.config !== undefined) {
    const file = join(storeDir, 'nats-server.conf')
    await writeFile(file, options.config, { mode: 0o600 })
    args.push('-c', file)
  }
  const removeStore = async () => {
    if (options.storeDir === undefined) await rm(storeDir, { recursive: true, force: true })
  }
  // SIGKILL, because a paused server would not act on anything gentler; JetStream loses nothing by it.
  const child = await startChild({
    command,
    args,
    deathSignal: 'SIGKILL',
    ...(options.log ? { log: options.log } : {})
  })
  try {
    // Written once it listens, so that no other server on the port can be taken for it.
    const portsFile = join(storeDir, `nats-server_${child.pid}.ports`)
    await becomesReady(child, () => existsSync(portsFile), READY_MS)
  } catch (error) {
    await child.stop({ signal: 'SIGKILL' })
    await removeStore()
    throw new Error(`nats-server did not start on port ${port}:\n${child.output()}`, { cause: error })
  }
  return handleOf(child, port, storeDir, removeStore)
}

function handleOf(
  child: Child,
  port: number,
  storeDir: string,
  removeStore: () => Promise<void>
): NatsServer {
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    storeDir,
    pid: child.pid,
    exited: child.exited,
    async stop() {
      child.signal('SIGCONT')
      await child.stop({ signal: 'SIGTERM', grace_ms: STOP_MS })
      await removeStore()
    },
    async kill() {
      await child.stop({ signal: 'SIGKILL' })
    },
    async pause() {
      child.signal('SIGSTOP')
      await becomesReady(child, () => isStopped(child.pid), STOP_MS)
    },
    resume: () => child.signal('SIGCONT')
  }
}

/** What a killed server left; the next one may get its process id. */
async function removePortsFiles(storeDir: string): Promise<void> {
  for (const name of await readdir(storeDir)) if (name.endsWith('.ports')) await rm(join(storeDir, name))
}

async function isStopped(pid: number): Promise<boolean> {
  return /\) T /.test(await readFile(`/proc/${pid}/stat`, 'latin1'))
}
