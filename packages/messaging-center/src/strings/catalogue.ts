import type { later } from './en-later.ts'
import type { en } from './en.ts'

export type Text = string | { one: string; other: string }
type Sections = Record<string, Record<string, Text>>

/** A language's texts, as English has them. */
type As<English extends Sections> = {
  [S in keyof English]: {
    [K in keyof English[S]]: English[S][K] extends string ? string : { one: string; other: string }
  }
}
export type FirstTexts = As<typeof en>
export type LaterTexts = As<typeof later>

type KeyOf<Texts> = { [S in keyof Texts & string]: `${S}.${keyof Texts[S] & string}` }[keyof Texts & string]
/** A place in the catalogue, such as `messages.reply`. */
export type Key = KeyOf<FirstTexts> | KeyOf<LaterTexts>
