import { randomUUID } from 'node:crypto'
import type { Command, CommandResult, ConversationApi, DurableEvent } from '@parley/contracts'
import type pg from 'pg'
import type { Mutant } from './mutant.ts'
import { override } from './override.ts'

/** Mutants of what the gateway is answered by the api. */
export const apiMutants: Mutant[] = [
  {
    name: 'no idempotency key',
    breaks: ['I2', 'I4'],
    gateway: ({ api }) => ({ api: withCommands(api, (command) => renamed(command)) })
  },
  {
    name: 'ack before commit',
    breaks: ['I2', 'I5', 'I10'],
    gateway: ({ api, database, random }) => ({
      api: override(api, {
        async execute(commands) {
          const results = await api.execute(commands)
          // The answer is out, and the transaction then fails.
          for (const [n, result] of results.entries()) {
            if (commands[n]?.frame.type === 'send' && result.ok && random.chance(0.05))
              await undo(database, result)
          }
          return results
        }
      })
    })
  },
  {
    name: 'delete without event',
    breaks: ['I1', 'I2', 'I5'],
    gateway: ({ api, database }) => ({
      api: override(api, {
        execute: (commands) =>
          Promise.all(
            commands.map(async (command) =>
              command.frame.type === 'delete'
                ? await deleteSilently(database, command.frame.message_id)
                : ((await api.execute([command]))[0] ?? missing)
            )
          )
      })
    })
  },
  {
    name: 'resume off by one',
    breaks: ['I4'],
    gateway: ({ api }) => ({
      api: override(api, {
        async readRooms(reads) {
          const pages = await api.readRooms(reads.map((read) => ({ ...read, since: oneTooFar(read.since) })))
          return pages.map((page, n) => ({ ...page, events: follow(page.events, reads[n]?.since ?? null) }))
        }
      })
    })
  },
  {
    name: 'logout that does not kick',
    breaks: ['I8'],
    gateway: ({ api, bus }) => ({
      api: override(api, { beat: async (report) => ({ ...(await api.beat(report)), ended: [] }) }),
      bus: override(bus, {
        subscribe: (subject, handler) =>
          bus.subscribe(subject, (payload, from, header) => {
            if (!Buffer.from(payload).includes('session_ended')) handler(payload, from, header)
          })
      })
    })
  }
]

const missing: CommandResult = { ok: false, code: 'internal', extras: {} }

function withCommands(api: ConversationApi, change: (command: Command) => Command): ConversationApi {
  return override(api, { execute: (commands) => api.execute(commands.map(change)) })
}

function renamed(command: Command): Command {
  return command.frame.type === 'send'
    ? { ...command, frame: { ...command.frame, client_id: randomUUID() } }
    : command
}

/** Only where nothing stands on it yet. */
async function undo(
  database: pg.Pool,
  { message_id, seq }: { message_id?: string; seq: number }
): Promise<void> {
  await database.query(
    `with gone as (
      update conversations set last_seq = $2::bigint - 1
      where last_seq = $2 and id = (select conversation_id from messages where id = $1) returning id
    ) delete from messages where id = $1 and conversation_id in (select id from gone)`,
    [message_id, seq]
  )
}

async function deleteSilently(database: pg.Pool, message_id: string): Promise<CommandResult> {
  const { rows } = await database.query<{ seq: number }>(
    `update messages set body = null, deleted_at = now() where id = $1 returning changed_seq::float8 as seq`,
    [message_id]
  )
  return { ok: true, seq: rows[0]?.seq ?? 0, message_id }
}

function oneTooFar(since: number | null): number | null {
  return since === null || since === 0 ? since : since + 1
}

/** The page claims to follow what was asked for. */
function follow(events: DurableEvent[], since: number | null): DurableEvent[] {
  const [first, ...rest] = events
  if (!first || since === null || first.prev !== oneTooFar(since)) return events
  const frame = first.frame.toString().replace(`"prev":${first.prev},`, `"prev":${since},`)
  return [{ ...first, prev: since, frame: Buffer.from(frame) }, ...rest]
}
