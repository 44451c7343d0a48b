import type { Message } from '@parley/contracts'
import { createStore } from '@parley/client/stores'
import { useMemo, useRef } from 'preact/hooks'
import { useCenter } from '../app/context.ts'
import { useStore } from '../app/use-store.ts'
import type { Pane } from './pane-context.ts'
import { READERS_MAX, type ReadPositions, readersOf, readPositions } from './read-positions.ts'
import type { Readers } from './read-mark.tsx'

const nobody = createStore<ReadPositions>([], () => () => undefined)

/** How far my messages got, in conversations that are small enough; threads are read by themselves. */
export function useReaders(pane: Pane, messages: readonly Message[]): ReadonlyMap<string, Readers> {
  const { client, me } = useCenter()
  const { conversation, thread_id } = pane
  const latest = useRef<{ messages: readonly Message[]; positions: ReadPositions }>(undefined)
  const isSmall = thread_id === undefined && conversation.member_count <= READERS_MAX
  const store = useMemo(() => {
    if (!isSmall) return nobody
    const isWanted = () => {
      const { messages: said = [], positions = [] } = latest.current ?? {}
      const mine = said.findLast(({ sender }) => sender.id === me.id)
      const isRead = positions.length > 0 && positions.every(({ read_seq }) => read_seq >= (mine?.seq ?? 0))
      return mine !== undefined && !isRead
    }
    return readPositions(client, conversation.id, isWanted)
  }, [client, conversation.id, isSmall, me.id])
  const positions = useStore(store)
  latest.current = { messages, positions }
  return useMemo(() => readersOf(messages, positions, me.id), [messages, positions, me.id])
}
