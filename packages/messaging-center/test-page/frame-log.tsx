import { useLayoutEffect, useRef } from 'preact/hooks'
import { Button } from '../src/design/button.tsx'
import type { Line } from './trial.ts'

const ways = { in: 'in', out: 'out', note: '' }

/** Everything that went over the socket, the newest last; it follows the end unless one reads further up. */
export function FrameLog({ lines, onClear }: { lines: readonly Line[]; onClear: () => void }) {
  const box = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  useLayoutEffect(() => {
    if (atEnd.current) box.current?.scrollTo(0, box.current.scrollHeight)
  }, [lines])
  const text = () => lines.map((line) => `${timeOf(line.at)} ${line.way} ${line.text}`).join('\n')
  return (
    <section class="test-card" aria-labelledby="log-title">
      <div class="test-row">
        <h2 id="log-title">Frames</h2>
        <span class="test-fill" />
        <Button look="quiet" onClick={() => void navigator.clipboard?.writeText(text())}>
          Copy
        </Button>
        <Button look="quiet" onClick={onClear}>
          Clear
        </Button>
      </div>
      <div
        ref={box}
        class="test-log"
        tabIndex={0}
        role="log"
        aria-label="Frames, the newest last"
        onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
          atEnd.current = scrollTop + clientHeight > scrollHeight - 40
        }}
      >
        <ol>
          {lines.map((line) => (
            <li key={line.n} class={`test-line test-${line.way}`}>
              <time class="test-time">{timeOf(line.at)}</time>
              <span class="test-way">{ways[line.way]}</span>
              <code class="test-text" dir="auto">
                {line.text}
              </code>
            </li>
          ))}
        </ol>
      </div>
      {lines.length === 0 && <p class="field-hint">Nothing yet.</p>}
    </section>
  )
}

function timeOf(at: Date): string {
  const two = (n: number) => String(n).padStart(2, '0')
  const ms = String(at.getMilliseconds()).padStart(3, '0')
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${ms}`
}
