// There is no Docker engine here: docker-compose reads the file, and what it makes of it is looked at.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installDebianPackage } from '@parley/local-servers'
import t from 'tap'

const root = join(import.meta.dirname, '../..')
const there = runs('docker-compose', ['version']) || (await installDebianPackage('docker-compose'))

t.test('docker-compose.yml', { skip: there ? false : 'docker-compose is not to be had' }, async (t) => {
  const example = readFileSync(join(root, '.env.example'), 'utf8')
  const folder = mkdtempSync(join(tmpdir(), 'parley-compose-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const config = (env: string): string => {
    const file = join(folder, 'env')
    writeFileSync(file, env)
    return execFileSync('docker-compose', ['-f', 'docker-compose.yml', '--env-file', file, 'config'], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: folder },
      stdio: 'pipe'
    })
  }
  t.throws(() => config(example), /see .env.example/, 'no password, no start')

  const text = config(example.replaceAll(/=$/gm, '=a-password-of-its-own'))
  const services = text.slice(text.indexOf('\nservices:'), text.indexOf('\nvolumes:'))
  const names = [...services.matchAll(/^ {2}([a-z-]+):$/gm)].map((match) => match[1])
  t.strictSame(names, [
    'conversation-api',
    'migrate',
    'nats',
    'nginx',
    'notifier',
    'postgres',
    'realtime-gateway'
  ])
  const published = [...services.matchAll(/^ {2}([a-z-]+):\n(?: {4}.*\n)*? {4}ports:/gm)].map(
    (match) => match[1]
  )
  t.strictSame(published, ['nginx'], 'only nginx has a port outside, so that everything else scales')
  t.notMatch(services, 'container_name')
  t.match(text, /inside:\n {4}internal: true/)
})

function runs(command: string, args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
