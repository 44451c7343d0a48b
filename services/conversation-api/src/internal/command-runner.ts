import {
  type Command,
  type CommandFrames,
  type CommandResult,
  type CommandType,
  ProblemError,
  type User
} from '@parley/contracts'
import type { EventBus } from '@parley/event-bus'
import type { Tracing } from '@parley/service-kit'
import type { Logger } from 'pino'
import type { LineContext } from '../changes/conversation-line.ts'
import type { LineChange } from '../changes/member-mutation.ts'
import { editConversation } from '../conversations/conversation-mutations.ts'
import { isDatabaseTrouble } from '../database/database-trouble.ts'
import { handOver } from '../members/hand-over.ts'
import { joinConversation } from '../members/join-conversation.ts'
import { addMember, changeRole, removeMember } from '../members/member-mutations.ts'
import { forwardMessage } from '../messages/forward-message.ts'
import { type Changed, deleteMessage, editMessage } from '../messages/message-mutations.ts'
import type { MessageWriter } from '../messages/message-writer.ts'
import { pinMessage } from '../messages/pin-message.ts'
import { replayOf } from '../messages/send-message.ts'
import { textOf } from '../messages/text-of.ts'
import { markRead } from '../messages/read-position.ts'
import { ban, unban } from '../moderation/ban-mutations.ts'
import { muteConversation, unmuteConversation } from '../notifications/mute-mutations.ts'
import { markThreadRead } from '../threads/thread-read.ts'
import { reactToMessage } from '../reactions/react.ts'

export interface CommandContext extends LineContext {
  tracing?: Tracing | undefined
  bus: EventBus
  writer: MessageWriter
  logger: Logger
}

type Done = Extract<CommandResult, { ok: true }>
type Handlers = {
  [T in CommandType]: (context: CommandContext, user: User, frame: CommandFrames[T]) => Promise<Done>
}

const handlers: Handlers = {
  async send(context, user, { type: _, ref: __, ...send }) {
    const { conversation_id } = send
    const sent = await context.writer.send({ ...send, user, body: textOf(send) })
    if (!sent.replay) return { ok: true, seq: sent.seq, message_id: sent.message_id }
    const message = await replayOf(context.db, { user, conversation_id, message_id: sent.message_id })
    return { ok: true, seq: message.seq, message_id: message.id, replay: true, message }
  },
  async forward(context, user, { conversation_id, client_id, from }) {
    const { message, replay } = await forwardMessage(context, { user, conversation_id, client_id, from })
    return answer({ seq: message.seq, message_id: message.id, message, replay })
  },
  async edit(context, user, { client_id: key, ...frame }) {
    return answer(await editMessage(context, { ...frame, user_id: user.id, key }))
  },
  async delete(context, user, { client_id: key, ...frame }) {
    return answer(await deleteMessage(context, { ...frame, user_id: user.id, key }))
  },
  async react(context, user, { client_id: key, ...frame }) {
    return answer(await reactToMessage(context, { ...frame, user_id: user.id, key, on: true }))
  },
  async unreact(context, user, { client_id: key, ...frame }) {
    return answer(await reactToMessage(context, { ...frame, user_id: user.id, key, on: false }))
  },
  async pin(context, user, { client_id: key, ...frame }) {
    return answer(await pinMessage(context, { ...frame, user_id: user.id, key, on: true }))
  },
  async unpin(context, user, { client_id: key, ...frame }) {
    return answer(await pinMessage(context, { ...frame, user_id: user.id, key, on: false }))
  },
  async read_thread(context, user, { conversation_id, thread_id, seq }) {
    const on = { user_id: user.id, conversation_id, message_id: thread_id }
    const { read_seq } = await markThreadRead(context, { ...on, seq })
    return { ok: true, seq: read_seq }
  },
  async edit_conversation(context, user, { client_id: key, type: _, conversation_id, ...edit }) {
    return answerChange(await editConversation(context, { conversation_id, user_id: user.id, edit, key }))
  },
  async join(context, user, { client_id: key, conversation_id }) {
    return answerChange(await joinConversation(context, { conversation_id, user_id: user.id, key }))
  },
  async add_member(context, user, { client_id: key, ...frame }) {
    return answerChange(await addMember(context, { ...frame, caller_id: user.id, key }))
  },
  async remove_member(context, user, { client_id: key, ...frame }) {
    return answerChange(await removeMember(context, { ...frame, caller_id: user.id, key }))
  },
  async change_role(context, user, { client_id: key, ...frame }) {
    return answerChange(await changeRole(context, { ...frame, caller_id: user.id, key }))
  },
  async hand_over(context, user, { client_id: key, ...frame }) {
    return answerChange(await handOver(context, { ...frame, caller_id: user.id, key }))
  },
  async ban(context, user, { client_id: key, ...frame }) {
    return answerChange(await ban(context, { ...frame, caller_id: user.id, key }))
  },
  async unban(context, user, { client_id: key, ...frame }) {
    return answerChange(await unban(context, { ...frame, caller_id: user.id, key }))
  },
  async mute(context, user, { client_id: key, conversation_id, keep, until }) {
    const mute = { keep, until }
    return answerChange(await muteConversation(context, { conversation_id, user_id: user.id, mute, key }))
  },
  async unmute(context, user, { client_id: key, conversation_id }) {
    return answerChange(await unmuteConversation(context, { conversation_id, user_id: user.id, key }))
  },
  async read(context, user, { conversation_id, seq }) {
    const { read_seq } = await markRead(context, { user_id: user.id, conversation_id, seq })
    return { ok: true, seq: read_seq }
  }
}

function answer({ seq, message_id, message, replay }: Changed): Done {
  const done = { ok: true, seq, message_id } as const
  return replay ? { ...done, replay, ...(message ? { message } : {}) } : done
}

function answerChange({ seq, replay }: LineChange): Done {
  return replay ? { ok: true, seq, replay: true } : { ok: true, seq }
}

/**
 * Runs what the sockets of a gateway asked for, each command on its own. Commands of one user in one conversation keep their
 * order: sends go to the writer in turn, anything else waits for what came before it.
 */
export async function runCommands(context: CommandContext, commands: Command[]): Promise<CommandResult[]> {
  const before = new Map<string, Promise<unknown>>()
  return await Promise.all(
    commands.map((command) => {
      const line = `${command.user.id} ${command.frame.conversation_id}`
      const earlier = before.get(line)
      const result =
        command.frame.type === 'send' || !earlier
          ? settle(context, command)
          : earlier.then(() => settle(context, command))
      before.set(line, Promise.all([earlier, result]))
      return result
    })
  )
}

async function settle(context: CommandContext, command: Command): Promise<CommandResult> {
  const { tracing } = context
  const about = { 'parley.conversation': command.frame.conversation_id }
  const step = tracing?.follow(command.trace, `execute ${command.frame.type}`, about)
  if (!tracing || !step) return await answerTo(context, command)
  const result = await tracing.within(step, () => answerTo(context, command))
  step.end(result.ok ? 'ok' : 'failed')
  return result
}

async function answerTo(context: CommandContext, { user, frame }: Command): Promise<CommandResult> {
  try {
    return await run(context, user, frame)
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, code: error.code, extras: error.extras }
    if (isDatabaseTrouble(error)) {
      return { ok: false, code: 'unavailable', extras: { retry_after_ms: 1_000 } }
    }
    context.logger.error(
      { err: error, frame: frame.type, conversation_id: frame.conversation_id },
      'command.failed'
    )
    return { ok: false, code: 'internal', extras: {} }
  }
}

function run<T extends CommandType>(
  context: CommandContext,
  user: User,
  frame: { type: T } & CommandFrames[CommandType]
): Promise<Done> {
  const handler = handlers[frame.type] as (
    context: CommandContext,
    user: User,
    frame: CommandFrames[CommandType]
  ) => Promise<Done>
  return handler(context, user, frame)
}
