import type { Shown } from '../history.ts'
import type { Run } from '../run.ts'
import type { Violation } from '../violation.ts'

/** What one application was shown of one conversation, across all the clients it had. */
interface ApplicationView {
  app: string
  user: string
  conversation: string
  /** It was told of everything after this. */
  start: number
  shown: Shown[]
}

/**
 * I4 for applications, which see what their client library hands on: nothing twice, every message once as new and in the order of
 * `message.seq`, and at the end nothing missing of a conversation they are in.
 */
export function* applicationView(run: Run): Iterable<Violation> {
  for (const view of viewsOf(run)) {
    yield* twice(view)
    yield* outOfOrder(view)
    yield* missing(run, view)
  }
}

function viewsOf(run: Run): ApplicationView[] {
  const views = new Map<string, ApplicationView>()
  for (const record of run.history) {
    if (record.type !== 'shown') continue
    const { app, user, conversation } = record
    const key = `${app} ${conversation}`
    const start = record.head ?? record.prev
    const known = views.get(key)
    // Told only that it is not theirs: nothing was promised.
    if (!known && start === undefined) continue
    const view = known ?? { app, user, conversation, start: start ?? 0, shown: [] }
    views.set(key, view)
    view.shown.push(record)
  }
  return [...views.values()]
}

function* twice({ shown, ...view }: ApplicationView): Iterable<Violation> {
  const frames = new Set<number>()
  const created = new Set<string>()
  for (const record of shown) {
    if (record.seq !== undefined && frames.has(record.seq))
      yield { invariant: 'I4', what: 'a change was shown twice', evidence: { view, record } }
    if (record.frame === 'message' && record.subject !== undefined && created.has(record.subject))
      yield { invariant: 'I4', what: 'a message was shown as new twice', evidence: { view, record } }
    if (record.seq !== undefined) frames.add(record.seq)
    if (record.frame === 'message' && record.subject !== undefined) created.add(record.subject)
  }
}

/** Who was removed in between may be given later what was left out then. */
function* outOfOrder({ shown, ...view }: ApplicationView): Iterable<Violation> {
  let last = 0
  for (const record of shown) {
    if (record.frame === 'unsubscribed') last = Number.POSITIVE_INFINITY
    const { message_seq } = record
    if (record.frame !== 'message' || message_seq === undefined) continue
    if (message_seq < last && last !== Number.POSITIVE_INFINITY)
      yield {
        invariant: 'I4',
        what: 'a new message was shown out of order',
        evidence: { view, record, last }
      }
    if (last !== Number.POSITIVE_INFINITY) last = message_seq
  }
}

function* missing(run: Run, { shown, ...view }: ApplicationView): Iterable<Violation> {
  const { app, user, conversation, start } = view
  if (
    !isLive(run, app) ||
    run.memberships.get(conversation)?.get(user)?.at(-1)?.to !== Number.POSITIVE_INFINITY
  )
    return
  const created = new Set(shown.filter(({ frame }) => frame === 'message').map(({ subject }) => subject))
  const changes = new Set(shown.map(({ seq }) => seq))
  for (const message of run.truth.messages) {
    if (message.conversation !== conversation) continue
    if (message.seq > start && !created.has(message.id))
      yield { invariant: 'I4', what: 'a message was never shown', evidence: { view, message } }
    if (message.changed_seq > start && !changes.has(message.changed_seq))
      yield {
        invariant: 'I4',
        what: 'the last change of a message was never shown',
        evidence: { view, message }
      }
  }
}

/** Whether the application's last client was running at the end. */
function isLive({ history }: Run, app: string): boolean {
  const life = history.findLast((record) => record.type === 'application' && record.app === app)
  return life?.type === 'application' && life.phase === 'start'
}
