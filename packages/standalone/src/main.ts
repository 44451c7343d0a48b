// `npm start`. Log lines go to stderr; stdout gets the one line that says where Parley is.
import { loadConfig, runService } from '@parley/service-kit'
import { Config } from './config.ts'
import { startStandalone } from './standalone.ts'

// The bootstrap holds the other end of this channel: its end, however it came, is ours too.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.channel?.unref()

await runService(process, {
  name: 'parley',
  config: (env) => loadConfig(Config, env),
  logTo: 'stderr',
  grace_ms: 20_000,
  start: async ({ config, logger }) => {
    const { url, close } = await startStandalone({ config, logger })
    process.stdout.write(`Parley is ready at ${url}\n`)
    return { ready: { url }, close }
  }
})
