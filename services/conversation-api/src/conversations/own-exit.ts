import { ProblemError } from '@parley/contracts'
import type { LineContext } from '../changes/conversation-line.ts'
import { type Mutation, mutateAsMember } from '../changes/member-mutation.ts'
import { findResult } from '../requests/request-store.ts'

/**
 * {@link mutateAsMember} for what may end the caller's own membership: leaving, deleting. Its retry comes from someone who may
 * no longer ask, and is answered all the same: it tells them nothing but what they did.
 */
export async function mutateOrLeave<R>(
  context: LineContext,
  mutation: Mutation,
  work: Parameters<typeof mutateAsMember<R>>[2]
): Promise<{ result: R; replay: boolean }> {
  try {
    return await mutateAsMember(context, mutation, work)
  } catch (error) {
    const { user_id, key, route, body } = mutation
    if (key === undefined || !(error instanceof ProblemError) || error.code !== 'not_found') throw error
    const result = await findResult<R>(context.db, { user_id, key, route, body })
    if (result === undefined) throw error
    return { result, replay: true }
  }
}
