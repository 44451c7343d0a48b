import closeWithGrace from 'close-with-grace'
import { type Logger, pino } from 'pino'
import { ConfigError, type Environment } from './config.ts'
import { createLogger } from './logger.ts'

/** The part of Node's `process` that a service's `main.ts` hands over. */
export type ProcessLike = Pick<NodeJS.Process, 'env' | 'exit' | 'stderr'>

/** In milliseconds; whoever stops a service from outside gives it more. */
export const stopGraceMs = 10_000

/** Why a start failed, in one line that whoever started the process can act on. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

export interface Running {
  /** Stops everything that `start` opened, the last first. */
  close(): Promise<void>
  /** What is logged once the service can do its work, for example its address. */
  ready: Record<string, unknown>
}

export interface RunOptions<C> {
  name: string
  /** Reads the configuration; a `ConfigError` is printed as it is. */
  config: (env: Environment) => C
  start: (context: { config: C; logger: Logger }) => Promise<Running>
  /** Where log lines go. */
  logTo?: 'stdout' | 'stderr'
  /** How long closing may take before the process ends anyway; {@link stopGraceMs} by default. */
  grace_ms?: number
}

/**
 * A whole service as a process: configuration, logger, start, and an orderly end on SIGTERM, SIGINT or an error nobody caught.
 * Exits with 1 when the configuration is wrong, the start fails (a {@link StartError} is printed, anything else logged), closing
 * takes too long or a second signal comes.
 *
 * @example
 * await runService(process, { name: 'notifier', config: readConfig, start })
 */
export async function runService<C extends { LOG_LEVEL: Parameters<typeof createLogger>[0]['level'] }>(
  process: ProcessLike,
  options: RunOptions<C>
): Promise<void> {
  const config = readConfig(process, options)
  const stream = pino.destination({ fd: options.logTo === 'stderr' ? 2 : 1, sync: true })
  const logger = createLogger({ name: options.name, level: config.LOG_LEVEL, stream })
  const running = options.start({ config, logger })
  closeWithGrace(
    { delay: options.grace_ms ?? stopGraceMs, logger, skip: notOurs },
    async ({ err, signal }) => {
      if (err) logger.fatal({ err }, 'uncaught error')
      else logger.info({ signal }, 'stopping')
      await (await running).close()
      logger.info('stopped')
    }
  )
  try {
    logger.info((await running).ready, 'ready')
  } catch (error) {
    if (error instanceof StartError) process.stderr.write(`${options.name}: ${error.message}\n`)
    else logger.fatal({ err: error }, 'start failed')
    process.exit(1)
  }
}

// The faults among the signals keep their default, the core dump; an empty event loop is not an end.
const notOurs: closeWithGrace.AllEvents[] = [
  'SIGHUP',
  'SIGQUIT',
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGSEGV',
  'SIGUSR2',
  'beforeExit'
]

function readConfig<C>(process: ProcessLike, { name, config }: RunOptions<C>): C {
  try {
    return config(process.env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${name}: the configuration is not valid\n${error.message}\n`)
    return process.exit(1)
  }
}
