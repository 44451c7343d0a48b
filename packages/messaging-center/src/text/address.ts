// Up to a space or what looks like one, a quotation mark, a bracket of markup, or a sign that is not seen and may turn around what is.
const ADDRESS = /https?:\/\/[^\s<>"`\p{Cc}\p{Cf}\u115f\u1160\u2800\u3164\uffa0]*/iuy
const TRAILING = /[.,:;!?'*~_…)\]}]/

/**
 * The address that begins here, without what belongs to the sentence around it. It is no link where it would not lead to whom it seems to
 * (`https://bank.example@elsewhere.example`), or nowhere.
 */
export function addressAt(text: string, start: number): { address: string; isLink: boolean } {
  ADDRESS.lastIndex = start
  const [found = ''] = ADDRESS.exec(text) ?? []
  const address = found.slice(0, endOf(found))
  if (!URL.canParse(address)) return { address, isLink: false }
  const { protocol, username, password } = new URL(address)
  const isWeb = protocol === 'http:' || protocol === 'https:'
  return { address, isLink: isWeb && username === '' && password === '' }
}

const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

/** A bracket at the end belongs to the address where it was opened in it. */
function endOf(address: string): number {
  const unopened: Record<string, number> = {}
  for (const sign of address) {
    if ('([{'.includes(sign)) unopened[sign] = (unopened[sign] ?? 0) - 1
    const opening = pairs[sign]
    if (opening) unopened[opening] = (unopened[opening] ?? 0) + 1
  }
  let end = address.length
  for (; end > 0 && TRAILING.test(address.charAt(end - 1)); end--) {
    const opening = pairs[address.charAt(end - 1)]
    if (!opening) continue
    const surplus = unopened[opening] ?? 0
    if (surplus <= 0) break
    unopened[opening] = surplus - 1
  }
  return end
}
