import type { Conversation } from '@parley/contracts'
import { useStrings } from '../app/context.ts'
import { nameOf } from '../conversations/conversation-name.ts'
import { SearchField } from '../design/search-field.tsx'
import { Segments } from '../design/segments.tsx'
import { Field } from '../design/field.tsx'
import { PersonPicker } from '../people/person-picker.tsx'
import type { SearchWish } from './search-wish.ts'

/** As the contracts have it. */
const TEXT_LENGTH = 200

interface Props {
  conversation: Conversation
  wish: SearchWish
  onWish(wish: SearchWish): void
}

/** What is looked for, where, by whom it was said and when. It is looked for while one types. */
export function SearchForm({ conversation, wish, onWish }: Props) {
  const strings = useStrings()
  const { t } = strings
  const change = (to: Partial<SearchWish>) => onWish({ ...wish, ...to })
  return (
    <form class="search-form" role="search" onSubmit={(event) => event.preventDefault()}>
      <SearchField
        label={t('search.text')}
        autofocus
        maxLength={TEXT_LENGTH}
        text={wish.text}
        onFocus={(event) => event.currentTarget.select()}
        onText={(text) => change({ text })}
      />
      <Segments
        label={t('search.where')}
        value={wish.where}
        options={[
          { value: 'here', label: nameOf(conversation, strings) },
          { value: 'everywhere', label: t('search.everywhere') }
        ]}
        onChange={(where) => change({ where })}
      />
      <details class="search-more">
        <summary>{t('search.filter')}</summary>
        <div class="search-filters">
          <Field label={t('search.sender')}>
            {(control) => (
              <select
                {...control}
                value={wish.sender}
                onChange={(event) => change({ sender: event.currentTarget.value as SearchWish['sender'] })}
              >
                <option value="anyone">{t('search.anyone')}</option>
                <option value="me">{t('search.me')}</option>
                <option value="someone">{t('search.someone')}</option>
              </select>
            )}
          </Field>
          {wish.sender === 'someone' && (
            <PersonPicker
              label={t('search.who')}
              chosen={wish.someone ? [wish.someone] : []}
              onChoose={(someone) => change({ someone })}
              onRemove={() => change({ someone: undefined })}
            />
          )}
          <div class="search-days">
            <Field label={t('search.from')}>
              {(control) => (
                <input
                  {...control}
                  type="date"
                  max={wish.to}
                  value={wish.from}
                  onChange={(event) => change({ from: event.currentTarget.value })}
                />
              )}
            </Field>
            <Field label={t('search.to')}>
              {(control) => (
                <input
                  {...control}
                  type="date"
                  min={wish.from}
                  value={wish.to}
                  onChange={(event) => change({ to: event.currentTarget.value })}
                />
              )}
            </Field>
          </div>
        </div>
      </details>
    </form>
  )
}
