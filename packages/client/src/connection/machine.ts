/** Where the connection is. `online` and `moving` can be talked over. */
export type Status = 'idle' | 'connecting' | 'online' | 'moving' | 'waiting' | 'offline' | 'closed'

/**
 * `connect`, `disconnect`: the application. `opened`, `failed`, `refused`: how an attempt ended. `lost`, `ended`: the open
 * connection closed and may, or may not, come back. `move`: the server asks, or a better transport may be had. `due`: the wait is
 * over. `offline`, `online`: the device's network. `wake`: the device or the page is back.
 */
export type Happening =
  | 'connect'
  | 'disconnect'
  | 'opened'
  | 'failed'
  | 'refused'
  | 'lost'
  | 'ended'
  | 'move'
  | 'due'
  | 'offline'
  | 'online'
  | 'wake'

/** What is not named here changes nothing. The README shows the same table. */
export const transitions: Readonly<Record<Status, Partial<Readonly<Record<Happening, Status>>>>> = {
  idle: { connect: 'connecting' },
  connecting: {
    opened: 'online',
    failed: 'waiting',
    refused: 'closed',
    offline: 'offline',
    disconnect: 'idle'
  },
  online: { lost: 'waiting', ended: 'closed', move: 'moving', disconnect: 'idle' },
  moving: {
    opened: 'online',
    failed: 'online',
    refused: 'online',
    lost: 'connecting',
    ended: 'closed',
    disconnect: 'idle'
  },
  waiting: {
    due: 'connecting',
    wake: 'connecting',
    connect: 'connecting',
    offline: 'offline',
    disconnect: 'idle'
  },
  offline: { online: 'waiting', wake: 'waiting', connect: 'connecting', disconnect: 'idle' },
  closed: { connect: 'connecting', disconnect: 'idle' }
}

export function next(status: Status, happening: Happening): Status | undefined {
  return transitions[status][happening]
}
