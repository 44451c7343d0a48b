import { ProblemError, type Role } from '@parley/contracts'
import { type ConversationLine, type LineContext, lockLine } from './conversation-line.ts'
import { storeResult, takeKey } from '../requests/idempotent-request.ts'

/** A mutation of a conversation by one of its members. */
export interface Mutation {
  user_id: string
  conversation_id: string
  /** The idempotency key, if the caller gave one. */
  key?: string | undefined
  /** Names the operation and its ids, for the key. */
  route: string
  body?: unknown
}

/** What a mutation did: its last number; where nothing had to change, that of an earlier one. */
export interface LineChange {
  seq: number
  replay: boolean
}

/** The caller, as of the lock. */
export interface Caller {
  user_id: string
  role: Role
}

/**
 * Runs `work` on the conversation's line for a member, once per key. The order is the rule: take the key, answer its own request again, lock,
 * authorise, and only then say that the key was used for something else. What `work` returns must be JSON without texts: it is kept and
 * returned to every retry, also to one by somebody who may not ask any more. They are told what they did, not that it failed; anything else
 * about it is for the caller to refuse them. Throws `not_found` for outsiders, `idempotency_conflict`.
 *
 * @example
 * await mutateAsMember(context, { user_id, conversation_id, key, route: 'delete message …' }, async (line, caller) => …)
 */
export function mutateAsMember<R>(
  context: LineContext,
  mutation: Mutation,
  work: (line: ConversationLine, caller: Caller) => Promise<R>
): Promise<{ result: R; replay: boolean }> {
  return mutateLine(context, mutation, authorise, work)
}

/** {@link mutateAsMember} for callers who need not be members: `admit` says who they are, or throws. */
export async function mutateLine<C, R>(
  { db, relay, lines }: LineContext,
  mutation: Mutation,
  admit: (line: ConversationLine, user_id: string) => Promise<C>,
  work: (line: ConversationLine, caller: C) => Promise<R>
): Promise<{ result: R; replay: boolean }> {
  const { user_id, conversation_id, key, route, body } = mutation
  const request = key === undefined ? undefined : { user_id, key, route, body }
  const transaction = db.transaction()
  const { events, ...outcome } = await lines.run(conversation_id, () =>
    transaction.execute(async (tx) => {
      const earlier = request && (await takeKey<R>(tx, request))
      if (earlier?.same) return { result: earlier.result, replay: true, events: [] }
      const line = await lockLine(tx, conversation_id)
      const caller = await admit(line, user_id)
      if (earlier) throw new ProblemError('idempotency_conflict')
      const result = await work(line, caller)
      if (request) await storeResult(tx, request, result)
      return { result, replay: false, events: await line.finish() }
    })
  )
  relay.push(events)
  return outcome
}

async function authorise(line: ConversationLine, user_id: string): Promise<Caller> {
  const member = await findCaller(line, user_id)
  if (!member) throw new ProblemError('not_found')
  return member
}

/** The caller, if a member. */
export function findCaller(
  { tx, conversation }: ConversationLine,
  user_id: string
): Promise<Caller | undefined> {
  return tx
    .selectFrom('members')
    .select(['user_id', 'role'])
    .where('conversation_id', '=', conversation.id)
    .where('user_id', '=', user_id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
}
