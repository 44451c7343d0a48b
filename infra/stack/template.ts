import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Reads a file of `infra/` and fills its `${NAME}`s in. Throws when a name has no value. */
export function fillTemplate(file: string, values: Record<string, string>): string {
  const text = readFileSync(join(import.meta.dirname, '..', file), 'utf8')
  return text.replaceAll(/\$\{([A-Z_]+)\}/g, (_match, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`${file} asks for ${name}`)
    return value
  })
}
