import type { Step } from '../replay.ts'
import type { Run } from '../run.ts'
import type { Violation } from '../violation.ts'
import { applicationView } from './application-view.ts'
import { notifiedOnce } from './notifications.ts'
import { simpleExactlyOnce } from './simple-exactly-once.ts'

/**
 * I4: per client and conversation, across its sockets, each frame continues the cursor; a creation is the first frame that brings
 * its message; nothing is skipped but what changed again later. Frames the client's rule drops are counted, not condemned.
 */
export function* exactlyOnce(run: Run): Iterable<Violation> {
  for (const step of run.replay.steps) {
    const { frame, verdict, cursor, view } = step
    if (step.breaks)
      yield { invariant: 'I4', what: 'a frame does not continue the cursor', evidence: { cursor, frame } }
    if (step.repeats)
      yield {
        invariant: 'I4',
        what: 'a message is new to the app twice',
        evidence: { frame, client: view.client }
      }
    if (verdict === 'apply') yield* skipped(run, step)
  }
  for (const jump of run.replay.jumps)
    yield {
      invariant: 'I4',
      what: 'subscribed moved the cursor over changes that were asked for',
      evidence: jump
    }
  yield* oneIntentOnce(run)
  yield* simpleExactlyOnce(run)
  yield* applicationView(run)
  yield* notifiedOnce(run)
}

/** What lies between the cursor and the frame must have changed again, and not only after the frame was here. */
function* skipped(run: Run, { frame, cursor, view }: Step): Iterable<Violation> {
  const line = run.lines.get(view.conversation)
  for (let seq = (cursor ?? frame.prev) + 1; seq < frame.seq; seq++) {
    const entry = line?.entries.get(seq)
    if (!entry) continue
    const next = entry.next === undefined ? undefined : line?.entries.get(entry.next)
    if (!next)
      yield {
        invariant: 'I4',
        what: 'a change was skipped',
        evidence: { entry, cursor, frame, client: view.client }
      }
  }
}

/** Whatever its id, a text that was sent once is seen once. */
function* oneIntentOnce({ replay, messages }: Run): Iterable<Violation> {
  for (const view of replay.views) {
    const texts = new Map<string, string>()
    for (const id of view.messages.keys()) {
      const message = messages.get(id)
      if (!message || message.body === null) continue
      const other = texts.get(message.body)
      if (other !== undefined)
        yield {
          invariant: 'I4',
          what: 'one intent is two messages to the app',
          evidence: { client: view.client, conversation: view.conversation, ids: [other, id] }
        }
      texts.set(message.body, id)
    }
  }
}
