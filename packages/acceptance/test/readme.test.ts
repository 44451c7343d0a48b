import { spawn } from 'node:child_process'
import { waitUntil } from '@parley/testing'
import t from 'tap'
import { codeBlocks, startStandalone, workspaceRoot } from '../src/index.ts'
import { temporaryFolder } from './standalone-fixture.ts'

t.setTimeout(180_000)

t.test('the README from nothing to two people talking, command by command', async (t) => {
  const dataDir = await temporaryFolder(t)
  const blocks = (await codeBlocks('README.md')).filter(({ language }) => language === 'sh')
  const [start, ...steps] = blocks.filter(({ heading }) => heading === blocks[0]?.heading)
  t.match(start?.code, /^npm start\b/)
  const parley = await startStandalone({ dataDir, command: ['npm', 'start'] })
  t.teardown(() => parley.stop())

  const shell = spawn('bash', [], { cwd: workspaceRoot, detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
  t.teardown(() => shell.pid && process.kill(-shell.pid, 'SIGKILL'))
  let output = ''
  for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (chunk) => (output += chunk))
  for (const [step, { code }] of steps.entries()) {
    const done = `step ${step + 1} of ${steps.length} is done`
    shell.stdin.write(`${code.replaceAll('localhost:8000', `localhost:${parley.port}`)}\necho ${done}\n`)
    await waitUntil(() => output.includes(done), { message: `${done}:\n${output}`, timeout_ms: 20_000 })
  }
  // What Ben's socket prints, and what was in the history that Ann read.
  t.comment(output)
  for (const text of ['Hello, Ben', 'Hi, Ann'])
    await waitUntil(() => output.split(`"body":"${text}"`).length > 1, { message: `${text} in ${output}` })
  t.notMatch(output, /"code":|error/i)
  shell.stdin.end()
})
