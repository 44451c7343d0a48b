// `npm run fuzz -- --frames 1000000 --seed 1`: hostile frames at a standalone Parley of its own; prints the figures as JSON and
// exits with 1 where the server did not stand it.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startStandalone } from '../standalone.ts'
import { fuzz } from './fuzz-run.ts'

const { values } = parseArgs({
  options: { frames: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } }
})
const frames = Number(values.frames)
const seed = Number(values.seed)
if (!Number.isSafeInteger(frames) || frames < 1 || !Number.isSafeInteger(seed) || seed < 0) {
  console.error('--frames must be a whole number from 1, --seed one from 0')
  process.exit(1)
}

const dataDir = await mkdtemp(join(tmpdir(), 'parley-fuzz-'))
const parley = await startStandalone({ dataDir })
// The bootstrap's end is this run's end: the server dies with this process.
process.once('disconnect', () => process.exit(1))
process.channel?.unref()
try {
  const progress = (sent: number) => console.error(`${sent} of ${frames}`)
  const figures = await fuzz({ url: parley.url, pid: parley.pid, frames, seed, progress })
  console.log(JSON.stringify(figures, undefined, 2))
} catch (error) {
  console.error(error)
  console.error(parley.output())
  process.exitCode = 1
} finally {
  await parley.stop()
  await rm(dataDir, { recursive: true, force: true })
}
