import type { FastifySchemaCompiler, FastifyServerOptions } from 'fastify'
import { Ajv, type AnySchema, type Options } from 'ajv'
import formats from 'ajv-formats'

const options: Options = {
  strict: true,
  allowUnionTypes: true,
  discriminator: true,
  keywords: ['example'],
  allErrors: true,
  useDefaults: true,
  addUsedSchema: false
}

type CompilersFactory = NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>

/**
 * Fastify's validators with nothing stripped, and with strings turned into numbers only where there are nothing but strings:
 * a body of the wrong type is a mistake of its sender.
 */
export const compilersFactory = {
  // Fastify calls the compiler with the route's part; the type it declares for that is Ajv's own `compile`.
  buildValidator: buildValidator as unknown as NonNullable<CompilersFactory['buildValidator']>
} satisfies CompilersFactory

function buildValidator(sharedSchemas: Record<string, AnySchema>): FastifySchemaCompiler<AnySchema> {
  const shared = Object.values(sharedSchemas)
  const exact = compiler({ ...options, coerceTypes: false }, shared)
  const coercing = compiler({ ...options, coerceTypes: 'array' }, shared)
  return ({ schema, httpPart }) => (httpPart === 'body' ? exact : coercing)(schema)
}

function compiler(ajvOptions: Options, shared: AnySchema[]) {
  const ajv = new Ajv(ajvOptions)
  formats.default(ajv)
  for (const schema of shared) ajv.addSchema(schema)
  return (schema: AnySchema) => {
    const known = typeof schema === 'object' && schema.$id ? ajv.getSchema(schema.$id) : undefined
    return known ?? ajv.compile(schema)
  }
}
