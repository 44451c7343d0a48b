import type { Static, TObject, TSchema } from '@sinclair/typebox'
import { envSchema } from 'env-schema'
import { configFormats } from './config-fields.ts'

export type Environment = Record<string, string | undefined>

/** Everything that is wrong with the environment, `NAME: reason` a line. Values are never shown: they may be secrets. */
export class ConfigError extends Error {
  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'))
    this.name = 'ConfigError'
  }
}

/**
 * Reads the schema's fields from environment strings: coerced, defaults filled in, other variables ignored; an empty one
 * counts as unset, and an array is a comma-separated list. The result is frozen. Throws a {@link ConfigError} with all
 * mistakes together.
 *
 * @example
 * const config = loadConfig(Type.Object({ PORT: withDefault(Port, 8000), LOG_LEVEL: LogLevel }), env)
 */
export function loadConfig<S extends TObject>(schema: S, env: Environment): Readonly<Static<S>> {
  const given = Object.fromEntries(
    Object.entries(schema.properties).flatMap(([name, field]) => {
      const text = env[name]?.trim()
      return text ? [[name, isList(field) ? splitList(text) : text]] : []
    })
  )
  try {
    const config = envSchema<Static<S>>({
      schema: { ...schema },
      data: given,
      env: false,
      ajv: { customOptions: withFormats }
    })
    for (const value of Object.values(config)) Object.freeze(value)
    return Object.freeze(config)
  } catch (error) {
    if (error instanceof Error && 'errors' in error && Array.isArray(error.errors)) {
      const mistakes: string[] = error.errors.map(describeMistake)
      throw new ConfigError([...new Set(mistakes)])
    }
    throw error
  }
}

function isList(field: TSchema): boolean {
  return field.type === 'array'
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

type CustomizeAjv = Extract<
  NonNullable<NonNullable<Parameters<typeof envSchema>[0]>['ajv']>,
  { customOptions: unknown }
>['customOptions']

const withFormats: CustomizeAjv = (ajv) => {
  for (const [name, { validate }] of Object.entries(configFormats)) ajv.addFormat(name, validate)
  return ajv
}

interface Mistake {
  instancePath: string
  keyword: string
  params: Record<string, unknown>
  message?: string
}

function describeMistake({ instancePath, keyword, params, message }: Mistake): string {
  if (keyword === 'required') return `${String(params.missingProperty)}: is required`
  const [, name = '', item] = instancePath.split('/')
  const where = item === undefined ? '' : `item ${Number(item) + 1} `
  return `${name}: ${where}${reasonFor(keyword, params) ?? message ?? 'is not valid'}`
}

function reasonFor(keyword: string, params: Record<string, unknown>): string | undefined {
  if (keyword === 'enum' && Array.isArray(params.allowedValues))
    return `must be one of ${params.allowedValues.join(', ')}`
  if (keyword === 'format' && typeof params.format === 'string') return configFormats[params.format]?.reason
  return undefined
}
