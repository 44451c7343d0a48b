import type { OpenTransport, ShareConnection, Transport } from '../connection/transport.ts'
import type { Word } from './channel.ts'
import { Follower, type Welcome } from './follower.ts'
import { Leader } from './leader.ts'

/** A leader answers at once. If none does, each tab has a connection of its own. */
const HELLO_MS = 3_000

/**
 * One connection for all tabs of a browser: the tab that holds a Web Lock has it, the others listen on a BroadcastChannel. When that
 * tab is closed or disconnects another one takes over, and each goes on where it stood. Without Web Locks every tab connects by itself.
 *
 * @example
 * const parley = createClient({ share: shareTabs() })
 */
export function shareTabs(name = 'parley'): ShareConnection {
  return (open, { rest, clock }) => {
    const { locks } = globalThis.navigator ?? {}
    if (!locks || typeof BroadcastChannel === 'undefined') return { open, release: () => undefined }
    const tab = crypto.randomUUID()
    const channel = new BroadcastChannel(name)
    let wanted = false
    let leader: Leader | undefined
    let queued: AbortController | undefined
    let asking: AbortController | undefined
    let follower: Follower | undefined

    /** For as long as this tab lives, and wants a connection. */
    const becomeLeader = () =>
      new Promise<void>((resigned) => {
        queued = undefined
        // A lock may come after it was given up.
        if (!wanted) return resigned()
        leader = new Leader(tab, channel, open, resigned)
        follower?.end()
        asking?.abort()
      })
    const tryToLead = () =>
      new Promise<boolean>((resolve, reject) => {
        const granted = (lock: Lock | null) => {
          resolve(lock !== null)
          return lock ? becomeLeader() : undefined
        }
        locks.request(name, { ifAvailable: true }, granted).catch(reject)
      })
    const waitToLead = () => {
      if (queued) return
      queued = new AbortController()
      // It rejects when it is given up.
      locks.request(name, { signal: queued.signal }, becomeLeader).catch(() => undefined)
    }

    const openShared: OpenTransport = async (events, opening) => {
      wanted = true
      if (!leader && (queued || !(await tryToLead()))) waitToLead()
      opening.signal.throwIfAborted()
      if (leader) return leader.open(events, opening)
      asking = new AbortController()
      const welcome = await askLeader(channel, tab, clock, AbortSignal.any([opening.signal, asking.signal]))
      // Another tab's lead may have become this one's meanwhile.
      if (leader) return (leader as Leader).open(events, opening)
      if (!welcome) return open(events, opening)
      follower = new Follower({ tab, channel, rest }, events, welcome)
      return follower satisfies Transport
    }
    const release = () => {
      wanted = false
      queued?.abort()
      leader?.resign()
      queued = leader = undefined
    }
    return { open: openShared, release }
  }
}

/** Undefined where nobody answers. A leader without a connection says so, and is waited for. */
function askLeader(
  channel: BroadcastChannel,
  tab: string,
  clock: Parameters<ShareConnection>[1]['clock'],
  signal: AbortSignal
): Promise<Welcome | undefined> {
  return new Promise((resolve) => {
    const hello = () => channel.postMessage({ kind: 'hello', tab } satisfies Word)
    const done = (welcome?: Welcome) => {
      channel.removeEventListener('message', hear)
      clock.clearTimeout(timer)
      resolve(welcome)
    }
    const hear = ({ data }: MessageEvent<Word>) => {
      if (data.kind === 'up') return hello()
      if (!('to' in data) || data.to !== tab) return
      if (data.kind === 'welcome') done(data)
      if (data.kind === 'wait') clock.clearTimeout(timer)
    }
    const timer = clock.setTimeout(() => done(), HELLO_MS)
    signal.addEventListener('abort', () => done())
    channel.addEventListener('message', hear)
    hello()
  })
}
