const EMOJI_ONLY = /^(?:\p{RGI_Emoji}|\s)+$/v
/** More than a handful are a pattern, not a reaction. A family with skin tones is some 40 units long. */
const LENGTH_MAX = 120

/** Nothing but a few emoji, which are shown larger. */
export function isEmojiOnly(body: string): boolean {
  const text = body.trim()
  return text !== '' && text.length <= LENGTH_MAX && EMOJI_ONLY.test(text) && count(text) <= 6
}

const signs = new Intl.Segmenter('en', { granularity: 'grapheme' })

function count(text: string): number {
  return [...signs.segment(text.replaceAll(/\s/g, ''))].length
}
