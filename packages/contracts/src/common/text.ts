import { Type } from '@sinclair/typebox'
import { limits } from './limits.ts'

// Ajv (not TypeBox's own checker) counts maxLength in code points and reads patterns as Unicode. A blank text (white space only)
// is refused; NUL cannot be stored by Postgres, and a lone surrogate cannot be written as UTF-8.
const NOT_BLANK = '^(?=[\\s\\S]*\\S)[^\\u0000\\p{Cs}]*$'
// A name that shows nothing could be anybody's: format characters, marks without a letter, fillers and spaces do not make one.
const SEEN = '[^\\s\\p{Cf}\\p{Mn}\\u115f\\u1160\\u2800\\u3164\\uffa0]'
const ONE_LINE = `^(?=.*${SEEN})[^\\p{Cc}\\p{Cs}]*$`

/** What a person writes: kept as sent. */
export const BodyText = Type.String({
  title: 'BodyText',
  minLength: 1,
  maxLength: limits.body_length,
  pattern: NOT_BLANK
})

/** What a file was called where it came from: shown, never used as a path. */
export const FileName = Type.String({
  title: 'FileName',
  minLength: 1,
  maxLength: limits.file_name_length,
  pattern: `^(?=.*${SEEN})[^\\p{Cc}\\p{Cs}/\\\\]*$`
})

/** Why somebody reports or bans. */
export const ReasonText = Type.String({
  title: 'ReasonText',
  minLength: 1,
  maxLength: limits.reason_length,
  pattern: NOT_BLANK
})

/** What a person looks for. */
export const SearchText = Type.String({
  title: 'SearchText',
  minLength: 1,
  maxLength: limits.search_text_length,
  pattern: NOT_BLANK,
  description: 'Words, "a phrase", `or` between words, `-` before a word that must not be there'
})

/** What a person is called. */
export const DisplayName = Type.String({
  title: 'DisplayName',
  minLength: 1,
  maxLength: limits.display_name_length,
  pattern: ONE_LINE
})

export const TitleText = Type.String({
  title: 'TitleText',
  minLength: 1,
  maxLength: limits.title_length,
  pattern: ONE_LINE
})

/** What a group is for: may have lines. */
export const DescriptionText = Type.String({
  title: 'DescriptionText',
  minLength: 1,
  maxLength: limits.description_length,
  pattern: NOT_BLANK
})

export const ClientId = Type.String({
  title: 'ClientId',
  minLength: 1,
  maxLength: limits.client_id_length,
  pattern: '^[\\x21-\\x7e]+$',
  description: 'Names one intent of its sender for ever: a retry with it is answered, not repeated.'
})

// One emoji as UTS #51 spells it: a flag, a keycap, or pictures joined to one, each with a skin tone, a presentation selector or tags.
const FLAG = '\\p{RI}\\p{RI}'
const KEYCAP = '[0-9#*]\\uFE0F?\\u20E3'
const PICTURE = '(?![0-9#*\\p{RI}])\\p{Emoji}(?:\\p{EMod}|\\uFE0F|[\\u{E0020}-\\u{E007E}]+\\u{E007F})?'

export const Emoji = Type.String({
  title: 'Emoji',
  minLength: 1,
  maxLength: limits.emoji_length,
  pattern: `^(?:${FLAG}|${KEYCAP}|${PICTURE}(?:\\u200D${PICTURE})*)$`,
  description: 'One emoji. With and without its presentation selector it is the same one.'
})
