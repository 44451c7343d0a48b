import { createConfig, lintFromString } from '@redocly/openapi-core'
import { readFile } from 'node:fs/promises'
import t from 'tap'
import { hoistSchemas } from '../../src/openapi/hoist-schemas.ts'
import { openApiDocument } from '../../src/openapi/open-api-document.ts'
import { api } from '../api-harness.ts'

const committed = new URL('../../../../docs/specs/openapi.json', import.meta.url)

interface Operation {
  operationId?: string
  tags?: string[]
  summary?: string
  responses: Record<string, { content?: Record<string, { schema: { $ref?: string } }> }>
}

t.test('the committed document is what the routes say, and valid', async (t) => {
  const document = await openApiDocument()
  const source = await readFile(committed, 'utf8')
  t.strictSame(JSON.parse(source), JSON.parse(JSON.stringify(document)), 'else: npm run specs')
  const config = await createConfig({ extends: ['recommended'], rules: { 'no-path-trailing-slash': 'off' } })
  const problems = await lintFromString({ source, config })
  t.strictSame(
    problems
      .filter(({ severity }) => severity === 'error')
      .map(({ message, location }) => [message, location[0]?.pointer]),
    []
  )
})

t.test('every operation is named, tagged and says how it fails', async (t) => {
  const { paths } = (await openApiDocument()) as { paths: Record<string, Record<string, Operation>> }
  const operations = Object.values(paths).flatMap((item) => Object.values(item))
  t.ok(operations.length > 30)
  t.equal(new Set(operations.map(({ operationId }) => operationId)).size, operations.length)
  for (const { operationId = '?', tags, responses } of operations) {
    t.ok(tags?.length, operationId)
    t.equal(
      responses['4XX']?.content?.['application/problem+json']?.schema.$ref,
      '#/components/schemas/Problem',
      operationId
    )
  }
  t.ok(Object.keys(paths).every((path) => path.endsWith('/')))
})

t.test('a shape is written once', async (t) => {
  const titled = { title: 'A', type: 'string' }
  t.strictSame(
    hoistSchemas({ a: titled, b: { title: 'B', type: 'object', properties: { title: titled } } }),
    {
      value: { a: { $ref: '#/components/schemas/A' }, b: { $ref: '#/components/schemas/B' } },
      schemas: {
        A: titled,
        B: { title: 'B', type: 'object', properties: { title: { $ref: '#/components/schemas/A' } } }
      }
    }
  )
  t.throws(() => hoistSchemas([titled, { ...titled, minLength: 1 }]), /two schemas are called A/)
})

t.test('SEC-CSP the page runs no script but its own files', async (t) => {
  const { call } = await api(t)
  const page = await call('GET', '/messaging/api/docs/')
  t.equal(page.status, 200)
  t.match(page.headers['content-security-policy'], /default-src 'none'; script-src 'self'; style-src 'self'/)
  t.notMatch(page.headers['content-security-policy'], /unsafe/)
  t.notMatch(page.text, /<script(?![^>]*\ssrc=)|<style|\son\w+=/i)
  const scripts = [...page.text.matchAll(/<script src="([^"]+)"/g)].map(([, src]) => src)
  t.equal(scripts.length, 3)
  for (const src of scripts) t.equal((await call('GET', `/messaging/api/docs/${src}`)).status, 200, `${src}`)
  t.match(await call('GET', '/messaging/api/docs/json'), { status: 200, body: { openapi: '3.1.0' } })
})
