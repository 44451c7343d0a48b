import first from './first.css?url'
import later from './later.css?url'

let sheet: CSSStyleSheet | undefined
const texts: string[] = []
const asked = new Map<string, Promise<void>>()

/** All there is to the looks, once for all elements of a page. Put in by script, which a strict policy lets through. */
export function styleSheet(): CSSStyleSheet {
  return (sheet ??= new CSSStyleSheet())
}

/** The looks of what is there from the beginning. */
export function firstStyles(): Promise<void> {
  return add(first, 0)
}

/** Those of what is loaded when it is first shown. Rejects where they cannot be had, and can be asked again. */
export function laterStyles(): Promise<void> {
  return add(later, 1)
}

function add(address: string, place: number): Promise<void> {
  let adding = asked.get(address)
  if (!adding) {
    adding = load(address).then((text) => {
      texts[place] = text
      styleSheet().replaceSync(texts.join('\n'))
    })
    asked.set(address, adding)
    adding.catch(() => asked.delete(address))
  }
  return adding
}

async function load(address: string): Promise<string> {
  const answer = await fetch(address)
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`)
  return await answer.text()
}
