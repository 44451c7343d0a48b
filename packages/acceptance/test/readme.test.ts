import { spawn } from 'node:child_process'
import { waitUntil } from '@parley/testing'
import t from 'tap'
import { codeBlocks, processesWith, startStandalone, workspaceRoot } from '../src/index.ts'
import { temporaryFolder } from './standalone-fixture.ts'

t.setTimeout(180_000)

// Outside of `npm test`, `npm start` might find the workspace to be installed anew, beneath the tests that run in it.
const installed = process.env.npm_lifecycle_event === 'test'

t.test('the README from nothing to two people talking, command by command', async (t) => {
  const dataDir = await temporaryFolder(t)
  const blocks = (await codeBlocks('README.md')).filter(({ language }) => language === 'sh')
  const [start, ...steps] = blocks.filter(({ heading }) => heading === blocks[0]?.heading)
  t.equal(start?.code, 'npm start\n')
  const parley = await startStandalone({ dataDir, ...(installed ? { command: ['npm', 'start'] } : {}) })
  t.teardown(() => parley.stop())

  const shell = spawn('bash', { cwd: workspaceRoot, detached: true })
  t.teardown(() => killGroup(shell.pid))
  let output = ''
  for (const stream of [shell.stdout, shell.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  const shows = (text: string | RegExp) =>
    waitUntil(() => (typeof text === 'string' ? output.includes(text) : text.test(output)), {
      message: `${text} in:\n${output}`,
      timeout_ms: 20_000
    })
  for (const [index, { code }] of steps.entries()) {
    const done = `step ${index + 1} of ${steps.length} is done`
    shell.stdin.write(`${code.replaceAll('localhost:8000', `localhost:${parley.port}`)}\necho ${done}\n`)
    await shows(done)
  }
  // The frames on Ben's socket, and the history that Ann read.
  await shows(/^{"type":"message".*"body":"Hi, Ann"/m)
  await shows(/^{"type":"message".*"body":"Hello, Ben"/m)
  await shows(/^{"items":\[.*"body":"Hello, Ben"/m)
  t.notMatch(output, /"code":|error|command not found/i)
  shell.stdin.end()

  await parley.stop()
  t.same(await processesWith(dataDir), [], 'SIGTERM ends PostgreSQL too')
  await t.rejects(fetch(parley.url), { cause: { code: 'ECONNREFUSED' } })
})

/** The shell and what it left running; nothing where all of it has ended. */
function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
