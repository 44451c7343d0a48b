import {
  type ClientFrames,
  type ClientFrameType,
  type CommandResult,
  type CommandType,
  type Id,
  limits,
  ProblemError,
  typingSubject
} from '@parley/contracts'
import type { EventBus } from '@parley/event-bus'
import type { CommandRunner } from '../connection/command-runner.ts'
import type { Connection } from '../connection/connection.ts'
import type { Ref } from '../connection/protocol.ts'
import { TokenBucket } from '../connection/token-bucket.ts'
import type { PresenceBook } from '../presence/presence-book.ts'
import type { RoomRegistry } from '../rooms/room-registry.ts'
import type { Subscription } from '../rooms/subscription.ts'
import { encodeTyping } from '../rooms/typing.ts'
import type { RoomFollower } from '../user-rooms/room-follower.ts'

/** What is done with each frame a `parley.v1` client may send. */
export type FrameHandlers = {
  readonly [T in ClientFrameType]: (connection: Connection, frame: ClientFrames[T]) => void
}

export interface HandlerServices {
  rooms: RoomRegistry
  commands: CommandRunner
  follower: RoomFollower
  presence: PresenceBook
  bus: EventBus
}

export function createFrameHandlers({
  rooms,
  commands,
  follower,
  presence,
  bus
}: HandlerServices): FrameHandlers {
  const command = (connection: Connection, frame: ClientFrames[CommandType]) => {
    const { ref, conversation_id } = frame
    commands.run(connection, frame, (result) => answer(connection, { ref, conversation_id }, result))
  }
  return {
    subscribe: (connection, { conversation_id, since, ref }) => {
      const error = whyNotSubscribe(connection, conversation_id)
      if (error) return connection.protocol.error(connection, error, { ref, conversation_id })
      connection.adopt(rooms.subscribe(connection, conversation_id, { since, ref, explicit: true }))
    },
    unsubscribe: (connection, { conversation_id, ref }) => {
      if (connection.unsubscribe(conversation_id))
        connection.protocol.unsubscribed(connection, conversation_id, 'asked', ref)
      else connection.protocol.error(connection, new ProblemError('not_subscribed'), { ref, conversation_id })
    },
    subscribe_all: (connection, { cursors = {}, ref }) => {
      if (connection.scope.kind === 'room') connection.protocol.error(connection, oneRoom(), { ref })
      else follower.follow(connection, cursors, ref)
    },
    send: command,
    edit: command,
    delete: command,
    react: command,
    unreact: command,
    forward: command,
    read_thread: command,
    pin: command,
    unpin: command,
    edit_conversation: command,
    join: command,
    add_member: command,
    remove_member: command,
    change_role: command,
    hand_over: command,
    ban: command,
    unban: command,
    mute: command,
    unmute: command,
    read: (connection, frame) => {
      connection.subscriptions.get(frame.conversation_id)?.noteRead(frame.seq)
      command(connection, frame)
    },
    typing: (connection, { conversation_id, on, ref }) => {
      const error = whyNotType(connection, conversation_id)
      if (error) return connection.protocol.error(connection, error, { ref, conversation_id })
      const typing = encodeTyping({ conversation_id, user_id: connection.user.id, on })
      bus.publish(typingSubject(conversation_id), typing)
    },
    presence: (connection, { status, ref }) => {
      const wait = connection.rate_limits
        ? takeFrom(presenceBuckets, connection, limits.presence_per_second)
        : 0
      if (wait === 0) return presence.say(connection, status)
      const error = new ProblemError('rate_limited', { retry_after_ms: wait })
      connection.protocol.error(connection, error, { ref })
    }
  }
}

function answer(
  connection: Connection,
  { ref, conversation_id }: { ref: Ref; conversation_id: Id },
  result: CommandResult
): void {
  if (!result.ok) {
    const error = new ProblemError(result.code, result.extras)
    return connection.protocol.error(connection, error, { ref, conversation_id })
  }
  const { ok: _, ...facts } = result
  connection.send({ type: 'ack', ...(ref === undefined ? {} : { ref }), conversation_id, ...facts })
}

function whyNotSubscribe(connection: Connection, conversation_id: Id): ProblemError | undefined {
  const { scope, subscriptions } = connection
  if (scope.kind === 'room' && scope.conversation_id !== conversation_id) return oneRoom()
  if (subscriptions.get(conversation_id)?.wish.explicit) return undefined
  if (connection.explicit_subscriptions < limits.subscriptions_per_connection) return undefined
  return new ProblemError('too_many_subscriptions')
}

function oneRoom(): ProblemError {
  return new ProblemError('bad_request', { detail: 'this address is one conversation; /ws/ takes them all' })
}

const typingBuckets = new WeakMap<Subscription, TokenBucket>()
const presenceBuckets = new WeakMap<Connection, TokenBucket>()

/** Twice the rate at once, so that "stopped" may follow "started". */
function takeFrom<K extends object>(buckets: WeakMap<K, TokenBucket>, key: K, per_second: number): number {
  const bucket = buckets.get(key) ?? new TokenBucket(per_second, 2 * per_second)
  buckets.set(key, bucket)
  return bucket.take()
}

function whyNotType(connection: Connection, conversation_id: Id): ProblemError | undefined {
  const subscription = connection.subscriptions.get(conversation_id)
  if (!subscription?.answered) return new ProblemError('not_subscribed')
  if (!connection.rate_limits) return undefined
  const wait = takeFrom(typingBuckets, subscription, limits.typing_per_second)
  return wait > 0 ? new ProblemError('rate_limited', { retry_after_ms: wait }) : undefined
}
