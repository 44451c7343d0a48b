type Json = Record<string, unknown>

/**
 * Collects titled schemas under `#/components/schemas`, so that a document names each shape once. Two different shapes under
 * one title are a mistake in contracts and throw.
 *
 * @example
 * new Components().hoist(Message) // { $ref: '#/components/schemas/Message' }
 */
export class Components {
  readonly schemas: Record<string, Json> = {}
  readonly #seen = new Map<string, string>()

  /** The schema with everything titled inside it replaced by references; itself too, if it has a title. */
  hoist(schema: object): Json {
    return this.#walk(schema) as Json
  }

  #walk(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#walk(item))
    if (value === null || typeof value !== 'object') return value
    const walked = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.#walk(inner)]))
    return typeof walked.title === 'string' && 'type' in walked !== 'anyOf' in walked
      ? this.#refer(walked.title, walked)
      : walked
  }

  #refer(title: string, schema: Json): Json {
    const text = JSON.stringify(schema)
    const known = this.#seen.get(title)
    if (known !== undefined && known !== text) throw new Error(`two schemas are titled ${title}`)
    this.#seen.set(title, text)
    this.schemas[title] = schema
    return { $ref: `#/components/schemas/${title}` }
  }
}
