import { type Static, Type } from '@sinclair/typebox'

const UUID = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
const uuidPattern = new RegExp(UUID)

/** A UUID in lower case, the form every id on the wire has (new ones are version 7). */
export const Id = Type.String({ title: 'Id', pattern: UUID })
export type Id = Static<typeof Id>

/** True for a string in the form of {@link Id}. Example: `isId(request.params.id)`. */
export function isId(value: unknown): value is Id {
  return typeof value === 'string' && uuidPattern.test(value)
}

/** A place on a conversation's number line: 1, 2, 3 … without holes; 0 is "before everything". */
export const Seq = Type.Integer({ title: 'Seq', minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
export type Seq = Static<typeof Seq>

/** RFC 3339 UTC with milliseconds, as `Date.prototype.toISOString` writes it. */
export const Time = Type.String({ title: 'Time', format: 'date-time' })
export type Time = Static<typeof Time>

/** The schema, or null. */
export function Nullable<T extends import('@sinclair/typebox').TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()])
}
