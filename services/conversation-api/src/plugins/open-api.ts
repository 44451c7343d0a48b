import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { OpenAPIV3_1 } from 'openapi-types'
import { describeOperations, describeRoute } from '../openapi/describe-operations.ts'
import { hoistSchemas } from '../openapi/hoist-schemas.ts'

/** The page's scripts and styles are files of this origin. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** OpenAPI 3.1 of every route, from the schemas that validate it; a page at `/messaging/api/docs/`. */
export const openApi = fp(
  async (app: FastifyInstance) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Parley',
          version: '0.1.0',
          description:
            'Conversations, messages and notifications. Paths answer with and without the slash at the end.',
          license: { name: 'Apache-2.0', identifier: 'Apache-2.0' }
        },
        servers: [{ url: '/' }],
        tags: [
          { name: 'accounts', description: 'Accounts and sessions' },
          { name: 'users', description: 'Finding people' },
          { name: 'conversations', description: 'Conversations' },
          { name: 'members', description: 'Who is in a conversation' },
          { name: 'messages', description: 'Messages, reactions and read positions' },
          { name: 'attachments', description: 'Files of messages' },
          { name: 'moderation', description: 'Reports and bans' },
          { name: 'administration', description: 'For admins of the deployment' },
          { name: 'changes', description: 'The change feed' },
          { name: 'notifications', description: 'The inbox' },
          { name: 'presence', description: 'Who is here' },
          { name: 'second dialect', description: 'The same data for clients of /api' }
        ],
        components: {
          securitySchemes: {
            cookie: { type: 'apiKey', in: 'cookie', name: 'parley_session' },
            bearer: { type: 'http', scheme: 'bearer' }
          }
        }
      },
      stripBasePath: false,
      convertConstToEnum: false,
      transform: describeRoute,
      transformObject: (parts) =>
        'openapiObject' in parts ? toDocument(parts.openapiObject as Partial<OpenAPIV3_1.Document>) : {}
    })
    await app.register(swaggerUi, {
      routePrefix: '/messaging/api/docs',
      staticCSP: PAGE_POLICY,
      uiConfig: { deepLinking: true }
    })
  },
  { name: 'open-api' }
)

function toDocument(document: Partial<OpenAPIV3_1.Document>): Partial<OpenAPIV3_1.Document> {
  const paths = describeOperations(document.paths ?? {})
  const { value, schemas } = hoistSchemas(paths)
  const sorted = Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
  return { ...document, paths: sorted, components: { ...document.components, schemas } } as typeof document
}
