// What the colours of the tokens are to each other, in both schemes, by WCAG's own formula.
import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'

type Scheme = 'light' | 'dark'

const css = readFileSync(new URL('../src/design/tokens.css', import.meta.url), 'utf8')
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[\da-f]{6}), (#[\da-f]{6})\);/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }]
  )
)
const backgrounds = ['canvas', 'surface', 'raised', 'sunken']

/** Text and what it stands on. */
const texts: [text: string, on: readonly string[]][] = [
  ['text', [...backgrounds, 'accent-soft', 'mention-soft', 'danger-soft', 'warn-soft', 'line']],
  ['text-soft', [...backgrounds, 'accent-soft', 'mention-soft']],
  ['accent', [...backgrounds, 'accent-soft']],
  ['accent-text', ['accent']],
  ['link', backgrounds],
  ['mention', [...backgrounds, 'mention-soft']],
  ['danger', [...backgrounds, 'danger-soft']],
  // A count of mentions, and the passing notes.
  ['canvas', ['mention', 'text']]
]
/** Borders of controls, the ring of the focus, signs. */
const signs: [sign: string, on: readonly string[]][] = [
  ['line-strong', backgrounds],
  ['focus', [...backgrounds, 'accent-soft']],
  ['online', backgrounds],
  ['away', backgrounds]
]

t.ok(tokens.size >= 20, 'the colours are found')
for (const scheme of ['light', 'dark'] as const) {
  t.test(`text, ${scheme}`, (t) => atLeast(t, 4.5, texts, scheme))
  t.test(`signs, ${scheme}`, (t) => atLeast(t, 3, signs, scheme))
}

t.test('white on everybody’s own colour', async (t) => {
  const [lightness, chroma] = [/--avatar-lightness: (\d+)%/, /--avatar-chroma: ([\d.]+)/].map((one) =>
    Number(one.exec(css)?.[1])
  )
  const ratios = Array.from({ length: 360 }, (_, hue) =>
    ratio(1, luminanceOfOklch((lightness ?? 0) / 100, chroma ?? 0, hue))
  )
  t.ok(Math.min(...ratios) >= 4.5, `at least ${Math.min(...ratios).toFixed(2)}`)
})

async function atLeast(t: Test, wanted: number, pairs: typeof texts, scheme: Scheme) {
  for (const [name, on] of pairs)
    for (const background of on) {
      const found = ratio(luminance(name, scheme), luminance(background, scheme))
      t.ok(found >= wanted, `${name} on ${background}: ${found.toFixed(2)}`)
    }
}

function ratio(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
}

function luminance(name: string, scheme: Scheme): number {
  const colour = tokens.get(name)?.[scheme]
  if (!colour) throw new Error(`no colour: ${name}`)
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** As CSS Color 4 converts it. */
function luminanceOfOklch(lightness: number, chroma: number, hue: number): number {
  const angle = (hue * Math.PI) / 180
  const [a, b] = [chroma * Math.cos(angle), chroma * Math.sin(angle)]
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
  const green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
  const blue = -0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short
  const within = (value: number) => Math.max(0, Math.min(1, value))
  return 0.2126 * within(red) + 0.7152 * within(green) + 0.0722 * within(blue)
}
