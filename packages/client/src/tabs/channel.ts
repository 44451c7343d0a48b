import type { ServerFrames, User } from '@parley/contracts'
import type { OutgoingFrame, WireFrame } from '../connection/transport.ts'

/** Where a conversation is, as the tab with the connection knows it. */
export type Head = Pick<ServerFrames['subscribed'], 'head' | 'role' | 'read_seq'>

/** What tabs say to one another. `tab` is who says it, `to` for whom it is. */
export type Word =
  | { kind: 'hello'; tab: string }
  | { kind: 'wait'; tab: string; to: string }
  | { kind: 'welcome'; tab: string; to: string; user: User; heads: Record<string, Head> }
  | { kind: 'say'; tab: string; frame: OutgoingFrame }
  | { kind: 'answer'; tab: string; to: string; frame: WireFrame }
  | { kind: 'frame'; tab: string; frame: WireFrame }
  | { kind: 'up' | 'down'; tab: string }
