import type { Static, TSchema } from '@sinclair/typebox'
import { Ajv, type ErrorObject } from 'ajv'
import formats from 'ajv-formats'
import type { Problem } from './problems.ts'

// Ajv as Fastify runs it, but with nothing coerced, stripped or filled in: a socket frame is what it is.
const ajv = new Ajv({ strict: true, allowUnionTypes: true, discriminator: true, keywords: ['example'] })
formats.default(ajv)

export interface Validator<T> {
  (value: unknown): value is T
  errors?: ErrorObject[] | null
}

/**
 * Compiles a schema once, at start. Example:
 * `const isSend = validator(SendFrame); if (!isSend(value)) throw invalid(isSend)`
 */
export function validator<S extends TSchema>(schema: S): Validator<Static<S>> {
  return ajv.compile<Static<S>>(schema) as Validator<Static<S>>
}

/** What Ajv found, in the form of {@link Problem}'s `errors`. */
export function fieldErrors(
  errors: readonly Partial<ErrorObject>[] | null | undefined
): NonNullable<Problem['errors']> {
  return (errors ?? []).map(({ instancePath = '', keyword, params, message }) => ({
    pointer: instancePath + propertyOf(keyword, params),
    reason: message ?? 'is not valid'
  }))
}

function propertyOf(keyword: string | undefined, params: Record<string, unknown> | undefined): string {
  const name =
    keyword === 'required'
      ? params?.missingProperty
      : keyword === 'additionalProperties'
        ? params?.additionalProperty
        : undefined
  return typeof name === 'string' ? `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}` : ''
}
