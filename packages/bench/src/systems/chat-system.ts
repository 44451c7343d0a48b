import type { DialectName, LoadMember } from '../load/dialects.ts'

export interface RunningProcess {
  name: string
  pid: number
}

/** A chat server that is up, and how to load it. */
export interface RunningSystem extends AsyncDisposable {
  readonly dialect: DialectName
  /** Where its sockets are opened; several where there are several gateways. */
  readonly ports: readonly number[]
  /** Its processes, those that hold the sockets first. */
  readonly processes: readonly RunningProcess[]
  /** Rooms with so many members each: who connects where. */
  makeMembers(rooms: number, per_room: number): Promise<LoadMember[]>
}

/** What is measured: Parley or a peer. */
export interface ChatSystem {
  readonly name: string
  /** What it does not do that Parley does; empty for Parley. */
  readonly lacks: string
  /** Why it cannot be had here; undefined where it can. May install it. */
  whyMissing(): Promise<string | undefined>
  start(): Promise<RunningSystem>
}
