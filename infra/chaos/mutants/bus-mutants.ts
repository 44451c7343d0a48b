import { setTimeout as delay } from 'node:timers/promises'
import {
  type ConversationApi,
  type DurableEvent,
  eventSubject,
  type EventKind,
  type Id,
  joinEvents,
  roomSubject,
  splitEvents
} from '@parley/contracts'
import type { EventBus } from '@parley/event-bus'
import type pg from 'pg'
import type { Mutant, Parts } from './mutant.ts'
import { override } from './override.ts'

/** Mutants of what the services tell each other. */
export const busMutants: Mutant[] = [
  {
    name: 'outbox cursor by id',
    breaks: ['I6'],
    writers: async (parts, stopped) => {
      await parts.database.query('alter table outbox add column id bigserial')
      await parts.database.query(SLOW_COMMITS)
      void poll(parts, stopped)
      // What is committed waits for the poll.
      return override(parts.bus, { publishDurable: async (messages) => messages.map(() => undefined) })
    }
  },
  {
    name: 'no beat with a rolled-back broker',
    breaks: ['I6', 'I5'],
    gateway: ({ api }) => ({
      api: override(api, { beat: async () => ({ rooms: {}, ended: [], users: {} }) })
    })
  },
  { name: 'no ordering at the gateway', breaks: ['I4'], gateway: withoutOrder },
  { name: 'membership checked only at subscribe', breaks: ['I7'], gateway: withoutRemovals }
]

/** A disk that sometimes takes its time: the commits of different conversations overtake each other. */
const SLOW_COMMITS = `
  create function wait_a_little() returns trigger language plpgsql as
    $$ begin if random() < 0.3 then perform pg_sleep(0.02); end if; return null; end $$;
  create constraint trigger slow_commits after update on conversations deferrable initially deferred
    for each row execute function wait_a_little()`

interface OutboxRow {
  id: string
  conversation_id: Id
  seq: number
  kind: EventKind
}

/** `id > last` passes over rows whose transaction took a lower id and committed later. */
async function poll({ bus, database, random }: Parts, stopped: AbortSignal): Promise<void> {
  let last = '0'
  while (!stopped.aborted) {
    const rows = await pending(database, last)
    last = rows.at(-1)?.id ?? last
    await bus.publishDurable(
      rows.map(({ conversation_id, seq, kind }) => ({
        subject: eventSubject(kind, conversation_id),
        id: `${conversation_id}:${seq}`,
        payload: doorbell({ conversation_id, seq, kind })
      }))
    )
    await delay(random.int(1, 5))
  }
}

async function pending(database: pg.Pool, last: string): Promise<OutboxRow[]> {
  try {
    const query = `select id, conversation_id, line.seq::float8 as seq, kind
      from outbox, generate_series(outbox.seq, outbox.seq + run - 1) as line (seq) where id > $1 order by id, line.seq`
    return (await database.query<OutboxRow>(query, [last])).rows
  } catch {
    // The database is closed at the end of the run.
    return []
  }
}

function doorbell({ conversation_id, seq, kind }: Omit<OutboxRow, 'id'>): Buffer {
  const about = { subject_id: conversation_id, actor_id: conversation_id }
  return joinEvents([{ conversation_id, seq, prev: seq - 1, kind, ...about, frame: Buffer.alloc(0) }])
}

const rooms = roomSubject('')

/** Lets a gateway see room events through `change`. */
function seeing(bus: EventBus, change: (event: DurableEvent) => DurableEvent): EventBus {
  return override(bus, {
    subscribe: (subject, handler) =>
      bus.subscribe(subject, (payload, from, header) => {
        if (!from.startsWith(rooms)) handler(payload, from, header)
        else handler(joinEvents(splitEvents(payload).map(change)), from, header)
      })
  })
}

/** Each event is given the number that the room waits for: what comes is delivered as it comes. */
function withoutOrder({ api, bus }: Parts & { api: ConversationApi }): {
  api: ConversationApi
  bus: EventBus
} {
  const last = new Map<Id, number>()
  return {
    api: override(api, {
      async readRooms(reads) {
        const pages = await api.readRooms(reads)
        for (const { conversation_id, next_since } of pages)
          last.set(conversation_id, Math.max(last.get(conversation_id) ?? 0, next_since))
        return pages
      }
    }),
    bus: seeing(bus, (event) => {
      const seq = (last.get(event.conversation_id) ?? 0) + 1
      last.set(event.conversation_id, seq)
      return { ...event, seq, prev: seq - 1 }
    })
  }
}

/** A removal is a change like any other, and whoever was let in once stays a member. */
function withoutRemovals({ api, bus }: Parts & { api: ConversationApi }): {
  api: ConversationApi
  bus: EventBus
} {
  const blind = (event: DurableEvent): DurableEvent =>
    event.kind === 'member.removed' ? { ...event, kind: 'member.changed' } : event
  return {
    bus: seeing(bus, blind),
    api: override(api, {
      readRooms: async (reads) =>
        (await api.readRooms(reads)).map((page) => ({ ...page, events: page.events.map(blind) }))
    })
  }
}
