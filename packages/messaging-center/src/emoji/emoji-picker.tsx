import { useEffect, useRef, useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import type { Key } from '../strings/strings.ts'
import { allEmoji, type Emoji, emojiName, findEmoji } from './emoji-search.ts'
import { recentEmoji, rememberEmoji } from './recent-emoji.ts'

const COLUMNS = 8

/** Common emoji: those used last, then by group, or those that a word finds. Within a popover. */
export function EmojiPicker({ onPick }: { onPick(emoji: string): void }) {
  const { me } = useCenter()
  const strings = useStrings()
  const { t } = strings
  const [typed, setTyped] = useState('')
  const [active, setActive] = useState(0)
  const search = useRef<HTMLInputElement>(null)
  const grid = useRef<HTMLDivElement>(null)
  const sections = typed.trim() ? [{ title: t('emoji.found'), emoji: findEmoji(typed) }] : byGroup(me.id, t)
  const count = sections.reduce((sum, { emoji }) => sum + emoji.length, 0)

  useEffect(() => {
    // On a touch screen the keyboard would cover what there is to choose from.
    if (matchMedia('(pointer: coarse)').matches) grid.current?.querySelector('button')?.focus()
    else search.current?.focus()
  }, [])

  const pick = (emoji: string) => {
    rememberEmoji(me.id, emoji)
    onPick(emoji)
  }
  const move = (to: number) => {
    const buttons = grid.current?.querySelectorAll('button')
    const at = Math.max(0, Math.min(count - 1, to))
    setActive(at)
    buttons?.[at]?.focus()
  }
  const press = (event: KeyboardEvent) => {
    const rtl = getComputedStyle(event.currentTarget as Element).direction === 'rtl'
    const steps: Record<string, number> = {
      ArrowRight: rtl ? -1 : 1,
      ArrowLeft: rtl ? 1 : -1,
      ArrowDown: COLUMNS,
      ArrowUp: -COLUMNS,
      Home: -count,
      End: count
    }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    if (event.key === 'ArrowUp' && active < COLUMNS) search.current?.focus()
    else move(active + step)
  }
  let index = 0
  return (
    <div class="emoji">
      <input
        ref={search}
        class="field-control emoji-search"
        type="search"
        aria-label={t('emoji.search')}
        placeholder={t('emoji.search')}
        value={typed}
        onInput={(event) => {
          setTyped(event.currentTarget.value)
          setActive(0)
        }}
        onKeyDown={(event) => {
          if (event.isComposing) return
          if (event.key === 'ArrowDown') move(0)
          else if (event.key === 'Enter' && count > 0) pick(sections[0]?.emoji[0]?.emoji ?? '')
          else return
          event.preventDefault()
          event.stopPropagation()
        }}
      />
      <p class="unseen" role="status">
        {typed.trim() && t('emoji.count', { n: count })}
      </p>
      <div ref={grid} class="emoji-groups" onKeyDown={press}>
        {sections.map(({ title, emoji }) => (
          <section key={title} class="emoji-group" aria-label={title}>
            <h3 class="emoji-title">{title}</h3>
            <div class="emoji-grid">
              {emoji.map((one) => {
                const at = index++
                return (
                  <button
                    key={one.emoji}
                    type="button"
                    class="emoji-one"
                    aria-label={emojiName(one, strings.language)}
                    title={emojiName(one, strings.language)}
                    tabIndex={at === active ? 0 : -1}
                    onFocus={() => setActive(at)}
                    onClick={() => pick(one.emoji)}
                  >
                    {one.emoji}
                  </button>
                )
              })}
            </div>
          </section>
        ))}
        {count === 0 && <p class="emoji-none">{t('emoji.none')}</p>}
      </div>
    </div>
  )
}

function byGroup(user_id: string, t: (key: Key) => string): { title: string; emoji: readonly Emoji[] }[] {
  const recent = recentEmoji(user_id).flatMap((emoji) => allEmoji.find((one) => one.emoji === emoji) ?? [])
  const groups = [...new Set(allEmoji.map(({ group }) => group))]
  return [
    ...(recent.length > 0 ? [{ title: t('emoji.recent'), emoji: recent }] : []),
    ...groups.map((group) => ({
      title: t(`emoji.${group}`),
      emoji: allEmoji.filter((one) => one.group === group)
    }))
  ]
}
