import { useState } from 'preact/hooks'
import { Button } from '../src/design/button.tsx'
import { Field } from '../src/design/field.tsx'

export interface SendFormProps {
  open: boolean
  onSay: (text: string) => void
  onSendRaw: (text: string) => void
}

/** Step 3: a message in the dialect's frame, or a frame as it is typed. */
export function SendForm({ open, onSay, onSendRaw }: SendFormProps) {
  const [text, setText] = useState('Hello!')
  const [raw, setRaw] = useState('')
  return (
    <section class="test-card" aria-labelledby="send-title">
      <h2 id="send-title">3. Send</h2>
      <form
        class="test-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (open) onSay(text)
        }}
      >
        <Field label="Message">
          {(control) => (
            <input
              {...control}
              dir="auto"
              required
              value={text}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          )}
        </Field>
        <Button type="submit" look="primary" aria-disabled={!open}>
          Send
        </Button>
      </form>
      <details class="test-details">
        <summary>Any frame</summary>
        <form
          class="test-form"
          onSubmit={(event) => {
            event.preventDefault()
            if (open) onSendRaw(raw)
          }}
        >
          <Field label="Frame" hint="Sent exactly as it is here, right or wrong.">
            {(control) => (
              <textarea
                {...control}
                class="field-control test-mono"
                rows={4}
                required
                spellcheck={false}
                value={raw}
                onInput={(event) => setRaw(event.currentTarget.value)}
              />
            )}
          </Field>
          <Button type="submit" aria-disabled={!open}>
            Send this frame
          </Button>
        </form>
      </details>
    </section>
  )
}
