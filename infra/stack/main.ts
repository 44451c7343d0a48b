// `npm run stack -- --api 2 --gateway 2 --notifier 2 --port 8000`: prints one JSON line when all is ready, stops all on SIGTERM.
import { parseArgs } from 'node:util'
import { startStack } from './topology.ts'

const { values } = parseArgs({
  options: {
    api: { type: 'string', default: '1' },
    gateway: { type: 'string', default: '1' },
    notifier: { type: 'string', default: '1' },
    port: { type: 'string', default: '8000' }
  }
})

const counts = { api: count('api', 1), gateway: count('gateway', 1), notifier: count('notifier', 1) }
const port = count('port', 0)
if (process.exitCode) process.exit()

const { LOG_LEVEL = 'warn', RATE_LIMITS = 'on' } = process.env
const starting = startStack({
  ...counts,
  port,
  env: { LOG_LEVEL, RATE_LIMITS },
  log: (name, line) => console.error(`[${name}] ${line}`),
  died: (name, how) => console.error(`[${name}] died: ${how}`)
})

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop())
// The bootstrap's end is the stack's.
process.once('disconnect', () => void stop())
process.channel?.unref()

try {
  const { url, processes } = await starting
  console.log(
    JSON.stringify({ url, processes: processes.map(({ name, pid, port: at }) => ({ name, pid, port: at })) })
  )
} catch (error) {
  console.error(error)
  process.exitCode = 1
}

async function stop(): Promise<void> {
  const stack = await starting.catch(() => undefined)
  await stack?.stop()
}

function count(name: keyof typeof values, least: number): number {
  const value = Number(values[name])
  if (Number.isInteger(value) && value >= least) return value
  console.error(`--${name} must be a whole number, ${least} or more`)
  process.exitCode = 1
  return least
}
