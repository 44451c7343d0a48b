// What is published: packed, installed where nothing else is, imported by plain Node, compiled against, and weighed.
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { workspaceRoot } from '@parley/acceptance'
import { rolldown } from 'rolldown'
import t from 'tap'

t.setTimeout(180_000)

/** Without what the test runner adds to every Node process. */
const run = (command: string, args: string[], cwd: string) =>
  promisify(execFile)('env', ['-u', 'NODE_OPTIONS', command, ...args], { cwd })
const home = join(workspaceRoot, 'packages/client')
const KILOBYTE = 1_000
const manifest = JSON.parse(await readFile(join(home, 'package.json'), 'utf8'))
const doors = Object.keys(manifest.exports).map((path: string) => path.replace(/^\./, ''))

t.test('it installs by itself, and is what its types say', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-client-package-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const packed = await run('npx', ['--yes', 'pnpm@12.21.0', 'pack', '--pack-destination', folder], home)
  const tarball = packed.stdout.trim().split('\n').at(-1) ?? ''
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], folder)

  const installed = JSON.parse(
    await readFile(join(folder, 'node_modules/@parley/client/package.json'), 'utf8')
  )
  t.notOk(installed.dependencies)
  const imports = doors.map((door) => `export * as door${doors.indexOf(door)} from '@parley/client${door}'`)
  await writeFile(join(folder, 'doors.ts'), `${imports.join('\n')}\n`)
  await writeFile(join(folder, 'use.mjs'), useInNode)
  const { stdout } = await run(process.execPath, ['use.mjs'], folder)
  t.equal(stdout, 'idle network true\n')
  for (const door of doors) await run(process.execPath, ['-e', `import('@parley/client${door}')`], folder)

  await writeFile(join(folder, 'use.ts'), useInTypeScript)
  const tsc = join(workspaceRoot, 'node_modules/.bin/tsc')
  const strict = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2024', '--types', '']
  const lib = ['--lib', 'es2024,dom,dom.iterable,dom.asynciterable', '--exactOptionalPropertyTypes']
  const compiled = await run(tsc, [...strict, ...lib, 'use.ts', 'doors.ts'], folder).catch((error) => error)
  t.equal(compiled.stdout, '', 'without skipLibCheck')
})

t.test('the core weighs at most 10 kB, all of it at most 20 kB', async (t) => {
  const core = await weigh(`export * from '@parley/client'`)
  const whole = await weigh(doors.map((door) => `export * from '@parley/client${door}'`).join('\n'))
  const errors = await weigh(`export { NotFoundError } from '@parley/client'`)
  const upload = await weigh(`export * from '@parley/client/uploads'`)
  t.comment(`gzip: core ${core.first}, everything ${whole.all}, one error class ${errors.all} bytes`)
  t.ok(core.first <= 10 * KILOBYTE, `core ${core.first}`)
  t.ok(whole.all <= 20 * KILOBYTE, `everything ${whole.all}`)
  t.ok(upload.all <= KILOBYTE, `uploads ${upload.all}`)
  t.ok(errors.all <= 2 * KILOBYTE, `only what is used: ${errors.all}`)
})

const useInNode = `import { createClient, NetworkError } from '@parley/client'
const parley = createClient({ url: 'http://127.0.0.1:1', token: 'none' })
const error = await parley.rest('GET auth/me/').catch((error) => error)
console.log(parley.state.status, error.code, error instanceof NetworkError)
`

const useInTypeScript = `import { type Client, type ClientEvents, createClient } from '@parley/client'
const parley: Client = createClient({ url: 'https://example.com', token: async ({ refused }) => String(refused) })
const { items } = await parley.rest('GET conversations/{conversation_id}/messages/', { conversation_id: 'x', before: 5 })
const body: string | null | undefined = items[0]?.body
// @ts-expect-error: a path needs its parameters
await parley.rest('GET conversations/{conversation_id}/messages/')
// @ts-expect-error: there is no such route
await parley.rest('GET nothing/')
parley.on('reaction', ({ emoji, count }: ClientEvents['reaction']) => emoji.repeat(count))
parley.on('message', ({ message }) => {
  // @ts-expect-error: an id is no number
  const id: number = message.id
  return id
})
export { body }
`

/** Bundled and minified as an application would have it, in bytes of gzip: what is loaded at once, and with what may be loaded later. */
async function weigh(source: string): Promise<{ first: number; all: number }> {
  const bundle = await rolldown({
    input: 'weighed',
    platform: 'browser',
    plugins: [
      {
        name: 'weighed',
        resolveId: (id) =>
          id === 'weighed'
            ? id
            : id.startsWith('@parley/client')
              ? join(home, manifest.exports[`.${id.slice(14)}`])
              : null,
        load: (id) => (id === 'weighed' ? source : null)
      }
    ]
  })
  const { output } = await bundle.generate({ format: 'esm', minify: true })
  await bundle.close()
  const chunks = output.filter((part) => part.type === 'chunk')
  const entry = chunks.find(({ isEntry }) => isEntry)
  const atOnce = chunks.filter((chunk) => chunk === entry || entry?.imports.includes(chunk.fileName))
  const size = (some: typeof chunks) =>
    some.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0)
  return { first: size(atOnce), all: size(chunks) }
}
