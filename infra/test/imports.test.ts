// The direction of imports is the direction of the workspace edges: pnpm gives a package only what its package.json names.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'

const root = join(import.meta.dirname, '../..')

const base = ['@parley/contracts', '@parley/event-bus', '@parley/service-kit']
const services = ['@parley/conversation-api', '@parley/realtime-gateway', '@parley/notifier']

/** What each package may stand on. A service never stands on another. */
const allowed: Record<string, string[]> = {
  '@parley/contracts': [],
  '@parley/local-servers': [],
  '@parley/testing': ['@parley/contracts', '@parley/local-servers'],
  '@parley/event-bus': ['@parley/contracts'],
  '@parley/service-kit': ['@parley/contracts', '@parley/event-bus'],
  '@parley/conversation-api': base,
  '@parley/realtime-gateway': base,
  '@parley/notifier': base,
  // The browser's side: of the backend it knows the wire.
  '@parley/messaging-center': ['@parley/client'],
  '@parley/standalone': [...base, ...services, '@parley/local-servers', '@parley/messaging-center'],
  '@parley/acceptance': [],
  // Nothing at run time: it is published without dependencies.
  '@parley/client': [],
  '@parley/bench': ['@parley/contracts', '@parley/local-servers'],
  // Tooling, all of it in devDependencies.
  parley: []
}

/** What tests and tools may use besides, in devDependencies. */
const forTests = ['@parley/testing', '@parley/local-servers']
const forTestsOf: Record<string, string[]> = {
  '@parley/acceptance': ['@parley/contracts'],
  '@parley/client': ['@parley/contracts', '@parley/acceptance'],
  '@parley/messaging-center': ['@parley/contracts', '@parley/acceptance'],
  parley: [...base, ...services, '@parley/client', '@parley/messaging-center']
}

interface Manifest {
  name: string
  exports?: Record<string, string>
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

const folders = globSync(['.', 'packages/*', 'services/*'], { cwd: root }).filter((folder) =>
  existsSync(join(root, folder, 'package.json'))
)

t.test('every workspace edge points down', async (t) => {
  for (const folder of folders) {
    const manifest = readManifest(folder)
    const { name, dependencies, optionalDependencies, devDependencies } = manifest
    const uses = allowed[name]
    t.ok(uses, `${name} has a place in the order`)
    const runtime = edges({ ...dependencies, ...optionalDependencies })
    t.strictSame(notIn(runtime, uses ?? []), [], `${name} stands on what it may`)
    const ofTests = [...(uses ?? []), ...forTests, ...(forTestsOf[name] ?? [])]
    t.strictSame(notIn(edges(devDependencies), ofTests), [], `${name}'s tests too`)
  }
})

t.test('a file imports no workspace package past its door, and none by path', async (t) => {
  const offenders = folders.flatMap((folder) =>
    sourceFiles(folder).flatMap((file) =>
      importsOf(file)
        .filter((specifier) => leavesPackage(folder, file, specifier))
        .map((specifier) => `${file}: ${specifier}`)
    )
  )
  t.strictSame(offenders, [])
})

t.test('what only tests may use is imported by tests only', async (t) => {
  // Acceptance and bench are tests all through, and infra is tooling.
  const unshipped = ['.', 'packages/acceptance', 'packages/bench']
  const shipped = folders.filter((folder) => !unshipped.includes(folder))
  const offenders = shipped.flatMap((folder) => {
    const { dependencies, optionalDependencies } = readManifest(folder)
    const runtime = edges({ ...dependencies, ...optionalDependencies })
    return sourceFiles(folder)
      .filter((file) => file.startsWith(`${folder}/src/`))
      .flatMap((file) => importsOf(file, { types: false }).map((specifier) => ({ file, specifier })))
      .filter(({ specifier }) => specifier.startsWith('@parley/') && !runtime.includes(packageOf(specifier)))
      .map(({ file, specifier }) => `${file}: ${specifier}`)
  })
  t.strictSame(offenders, [])
})

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
}

function edges(dependencies: Record<string, string> = {}): string[] {
  return Object.keys(dependencies).filter((name) => name.startsWith('@parley/'))
}

function notIn(names: string[], allowedNames: string[]): string[] {
  return names.filter((name) => !allowedNames.includes(name))
}

function sourceFiles(folder: string): string[] {
  const patterns = folder === '.' ? ['infra/**/*.ts'] : [`${folder}/{build,src,test}/**/*.{ts,tsx}`]
  return globSync(patterns, { cwd: root, exclude: (name) => name === 'node_modules' || name === 'dist' })
}

/** What a file imports; without `types`, only what is left at run time. */
function importsOf(file: string, { types = true } = {}): string[] {
  const whole = readFileSync(join(root, file), 'utf8')
  const text = types ? whole : whole.replaceAll(/^(?:import|export) type \{[^}]*\} from '[^']+'/gm, '')
  return [...text.matchAll(/^(?:import|export)\b[^'"]*?from '([^']+)'|\bimport\('([^']+)'\)/gm)].map(
    (match) => match[1] ?? match[2] ?? ''
  )
}

function packageOf(specifier: string): string {
  return specifier.split('/', 2).join('/')
}

/** A package's name, or a sub-path that it exports. */
function isDoor(specifier: string): boolean {
  const [scope, name, ...path] = specifier.split('/')
  if (path.length === 0) return true
  const home = folders.find((folder) => readManifest(folder).name === `${scope}/${name}`)
  return home !== undefined && `./${path.join('/')}` in (readManifest(home).exports ?? {})
}

function leavesPackage(folder: string, file: string, specifier: string): boolean {
  if (specifier.startsWith('@parley/')) return !isDoor(specifier)
  if (!specifier.startsWith('.')) return false
  const target = join(dirname(file), specifier)
  const home = folder === '.' ? 'infra/' : `${folder}/`
  // The benchmarks run the topology as infra has it.
  if (folder === 'packages/bench' && target === 'infra/stack/topology.ts') return false
  return !target.startsWith(home)
}
