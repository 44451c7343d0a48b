import { ProblemError, type Role } from '@parley/contracts'
import { type ConversationLine, type LineContext, lockLine } from './conversation-line.ts'
import { findResult, storeResult, takeKey } from '../requests/idempotent-request.ts'

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
 * Runs `work` on the conversation's line for a member, once per key. The order is the rule: take the key, lock, authorise,
 * then look the key up. What `work` returns must be JSON without texts: it is kept and returned to every retry, also to one by somebody who
 * may not ask any more. They are told what they did, not that it failed; anything else about it is for the caller to refuse them. Throws
 * `not_found` for outsiders, `idempotency_conflict`.
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
  const done = lines.run(conversation_id, () =>
    transaction.execute(async (tx) => {
      const earlier = request && (await takeKey<R>(tx, request))
      const line = await lockLine(tx, conversation_id)
      const caller = await admit(line, user_id)
      if (earlier) return { result: earlier.replay(), replay: true, events: [] }
      const result = await work(line, caller)
      if (request) await storeResult(tx, request, result)
      return { result, replay: false, events: await line.finish() }
    })
  )
  const { events, ...outcome } = await done.catch(async (error: unknown) => {
    const result = request && isNotFound(error) ? await findResult<R>(db, request) : undefined
    if (result === undefined) throw error
    return { result, replay: true, events: [] }
  })
  relay.push(events)
  return outcome
}

function isNotFound(error: unknown): boolean {
  return error instanceof ProblemError && error.code === 'not_found'
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
