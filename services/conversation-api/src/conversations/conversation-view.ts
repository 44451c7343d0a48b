import type { ConversationFacts, ConversationKind } from '@parley/contracts'

/** What all members of a conversation see alike, as its row has it. */
export interface ConversationFactsRow {
  id: string
  kind: ConversationKind
  title: string | null
  description: string | null
  public: boolean
  created_at: Date
}

export function toFacts(row: ConversationFactsRow): ConversationFacts {
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    ...(row.description === null ? {} : { description: row.description }),
    ...(row.public ? { public: true } : {}),
    created_at: row.created_at.toISOString()
  }
}
