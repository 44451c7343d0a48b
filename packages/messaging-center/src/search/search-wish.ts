import type { SearchQuery, User } from '@parley/contracts'

/** What somebody looks for, as the form has it. */
export interface SearchWish {
  text: string
  where: 'here' | 'everywhere'
  sender: 'anyone' | 'me' | 'someone'
  someone?: User | undefined
  /** Days such as `2026-03-01`, both included; empty: no limit. */
  from: string
  to: string
}

export const nothingWished: SearchWish = { text: '', where: 'here', sender: 'anyone', from: '', to: '' }

/** What is asked of the server; undefined where there is nothing to look for. Days are the reader's. */
export function queryOf(
  wish: SearchWish,
  conversation_id: string,
  me: Pick<User, 'id'>
): SearchQuery | undefined {
  const q = wish.text.trim()
  if (q === '') return undefined
  const sender = wish.sender === 'me' ? me : wish.sender === 'someone' ? wish.someone : undefined
  return {
    q,
    ...(wish.where === 'here' ? { conversation_id } : {}),
    ...(sender ? { sender_id: sender.id } : {}),
    ...(wish.from ? { after: midnight(wish.from, 0) } : {}),
    ...(wish.to ? { before: midnight(wish.to, 1) } : {})
  }
}

function midnight(day: string, later: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date + later).toISOString()
}
