/** A JSON schema, as far as the contracts use it. */
interface Schema {
  title?: string
  description?: string
  type?: string | string[]
  const?: string | number | boolean
  enum?: unknown[]
  anyOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  patternProperties?: Record<string, Schema>
  additionalProperties?: boolean | Schema
}

/** The shapes of the wire as plain TypeScript, from the schemas that define them. */
export function declarationsOf(contracts: Record<string, unknown>): string {
  const named = Object.entries(contracts).filter((entry): entry is [string, Schema] => isSchema(entry[1]))
  const names = new Map<unknown, string>(named.map(([name, schema]) => [schema, name]))
  const types = named.map(([name, schema]) => `export type ${name} = ${inline(schema, names)}`)
  const tables = ['clientFrames', 'serverFrames'] as const
  const frames = tables.map((table) => tableOf(table, contracts[table] as Record<string, Schema>, names))
  const codes = Object.keys(contracts.problems as object).map((code) => `'${code}'`)
  return [
    '// The shapes of the wire, generated from the contracts.',
    ...types,
    ...frames,
    `export type ProblemCode = ${codes.join(' | ')}`,
    'export {}',
    ''
  ].join('\n')
}

/** `ClientFrames`, by their types, and `ClientFrame`, any of them. */
function tableOf(table: string, schemas: Record<string, Schema>, names: Map<unknown, string>): string {
  const name = table.charAt(0).toUpperCase() + table.slice(1)
  const rows = Object.entries(schemas).map(([type, schema]) => `  ${type}: ${inline(schema, names)}`)
  return `export interface ${name} {\n${rows.join('\n')}\n}\nexport type ${name.slice(0, -1)} = ${name}[keyof ${name}]`
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && ('type' in value || 'anyOf' in value)
}

function typeText(schema: Schema, names: Map<unknown, string>): string {
  return names.get(schema) ?? names.get(byTitle(schema, names)) ?? inline(schema, names)
}

/** A schema that was copied into another one still has its name. */
function byTitle({ title }: Schema, names: Map<unknown, string>): unknown {
  if (title === undefined) return undefined
  for (const [schema, name] of names) if (name === title) return schema
  return undefined
}

function inline(schema: Schema, names: Map<unknown, string>): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (schema.anyOf) return schema.anyOf.map((one) => typeText(one, names)).join(' | ')
  if (Array.isArray(schema.type))
    return schema.type.map((type) => inline({ ...schema, type }, names)).join(' | ')
  switch (schema.type) {
    case 'array':
      return `(${schema.items ? typeText(schema.items, names) : 'unknown'})[]`
    case 'object':
      return objectText(schema, names)
    case 'integer':
    case 'number':
      return 'number'
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type
    default:
      return 'unknown'
  }
}

function objectText(schema: Schema, names: Map<unknown, string>): string {
  const { properties = {}, required = [], patternProperties, additionalProperties } = schema
  const fields = Object.entries(properties).map(([name, property]) => {
    const note = property.description ? `/** ${property.description} */ ` : ''
    return `${note}${name}${required.includes(name) ? '' : '?'}: ${typeText(property, names)}`
  })
  const values = [
    ...Object.values(patternProperties ?? {}),
    ...(typeof additionalProperties === 'object' ? [additionalProperties] : [])
  ]
  if (fields.length === 0) return `Record<string, ${values[0] ? typeText(values[0], names) : 'unknown'}>`
  return `{ ${fields.join('; ')} }`
}
