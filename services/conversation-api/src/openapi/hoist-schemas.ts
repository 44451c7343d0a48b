import { isDeepStrictEqual } from 'node:util'

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
type JsonObject = { [name: string]: Json }

/**
 * Moves every schema with a `title` to `components/schemas` under that name and leaves a reference, so that a shape that is
 * written once in contracts is shown once. Throws where two different schemas have one title.
 *
 * @example
 * const { value, schemas } = hoistSchemas(document.paths)
 */
export function hoistSchemas(root: unknown): { value: JsonObject; schemas: JsonObject } {
  const schemas: JsonObject = {}
  // What TypeBox keeps under symbols is not part of a document.
  const value = hoist(JSON.parse(JSON.stringify(root)) as Json) as JsonObject
  return { value, schemas: Object.fromEntries(Object.entries(schemas).sort(byName)) }

  function hoist(node: Json): Json {
    if (Array.isArray(node)) return node.map(hoist)
    if (node === null || typeof node !== 'object') return node
    const inner = Object.fromEntries(Object.entries(node).map(([key, child]) => [key, hoist(child)]))
    const { title } = inner
    if (typeof title !== 'string' || !isSchema(inner)) return inner
    const known = schemas[title]
    if (known !== undefined && !isDeepStrictEqual(known, inner))
      throw new Error(`two schemas are called ${title}`)
    schemas[title] = inner
    return { $ref: `#/components/schemas/${title}` }
  }
}

function isSchema(node: JsonObject): boolean {
  return 'type' in node || 'anyOf' in node || 'enum' in node || 'const' in node
}

function byName([a]: [string, Json], [b]: [string, Json]): number {
  return a < b ? -1 : 1
}
