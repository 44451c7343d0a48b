import type { Conversation } from '@parley/contracts'
import { useEffect, useState } from 'preact/hooks'
import { Button } from '../src/design/button.tsx'
import { Field } from '../src/design/field.tsx'
import { Segments } from '../src/design/segments.tsx'
import { listChats, makeChat } from './requests.ts'
import type { Dialect, Trial, Wish } from './trial.ts'
import { useAction } from './use-action.ts'

export interface ChatFormProps {
  status: Trial['status']
  onConnect: (wish: Wish) => void
  onDisconnect: () => void
}

const ways: { value: Dialect; label: string }[] = [
  { value: 'content', label: '{"content": …}' },
  { value: 'body', label: '{"body": …}' },
  { value: 'parley.v1', label: 'parley.v1' }
]

/** Step 2: which chat, and in which dialect. */
export function ChatForm({ status, onConnect, onDisconnect }: ChatFormProps) {
  const [chats, setChats] = useState<readonly Conversation[]>([])
  const [conversation_id, setId] = useState('')
  const [dialect, setDialect] = useState<Dialect>('content')
  const [since, setSince] = useState('')
  const { busy, error, run } = useAction()
  const load = async (chosen?: string) => {
    const items = await listChats()
    setChats(items)
    setId((id) => chosen ?? (id || (items[0]?.id ?? '')))
  }
  useEffect(() => void run(load), [])
  const known = chats.some(({ id }) => id === conversation_id)
  return (
    <section class="test-card" aria-labelledby="chat-title">
      <h2 id="chat-title">2. Pick a chat and connect</h2>
      <form
        class="test-form"
        onSubmit={(event) => {
          event.preventDefault()
          onConnect({ conversation_id: conversation_id.trim(), dialect, since: since.trim() })
        }}
      >
        {chats.length > 0 && (
          <Field label="My chats">
            {(control) => (
              <select
                {...control}
                value={known ? conversation_id : ''}
                onChange={(event) => setId(event.currentTarget.value)}
              >
                {!known && <option value="">Another one</option>}
                {chats.map((chat) => (
                  <option key={chat.id} value={chat.id}>
                    {nameOf(chat)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <Field label="Chat id" hint="Any id may be typed, also one that is not yours, to see what happens.">
          {(control) => (
            <input
              {...control}
              class="field-control test-mono"
              required
              spellcheck={false}
              value={conversation_id}
              onInput={(event) => setId(event.currentTarget.value)}
            />
          )}
        </Field>
        <div class="field">
          <span class="field-label" aria-hidden="true">
            Dialect
          </span>
          <Segments label="Dialect" value={dialect} options={ways} onChange={setDialect} />
        </div>
        <Field
          label="Replay from"
          hint="A seq: what came after it is sent first. 0 is everything, empty nothing."
        >
          {(control) => (
            <input
              {...control}
              inputMode="numeric"
              value={since}
              onInput={(event) => setSince(event.currentTarget.value)}
            />
          )}
        </Field>
        <div class="test-row">
          <Button type="submit" look="primary" busy={status === 'connecting'}>
            {status === 'open' ? 'Connect again' : 'Connect'}
          </Button>
          <Button onClick={onDisconnect} aria-disabled={status === 'closed'}>
            Disconnect
          </Button>
          <span class="test-fill" />
          <Button look="quiet" busy={busy} onClick={() => run(async () => load(await makeChat()))}>
            New chat
          </Button>
        </div>
      </form>
      {error && (
        <p class="form-error" role="alert">
          {error}
        </p>
      )}
    </section>
  )
}

function nameOf({ id, title, peer, member_count }: Conversation): string {
  return title ?? peer?.display_name ?? `${id} (${member_count} ${member_count === 1 ? 'member' : 'members'})`
}
