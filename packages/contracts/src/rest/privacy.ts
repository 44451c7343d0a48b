import { type Static, Type } from '@sinclair/typebox'

/** `hide_presence`: to others I am offline, and was never here. `hide_reads`: others do not learn how far I have read. */
export const Privacy = Type.Object(
  { hide_presence: Type.Boolean(), hide_reads: Type.Boolean() },
  { title: 'Privacy', additionalProperties: false }
)
export type Privacy = Static<typeof Privacy>

export const PrivacyEdit = Type.Partial(Privacy, { title: 'PrivacyEdit', additionalProperties: false })
export type PrivacyEdit = Static<typeof PrivacyEdit>
