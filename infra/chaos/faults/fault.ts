import type { ChaosProxy } from '@parley/testing'
import type { Stack } from '../../stack/topology.ts'
import type { Crowd } from '../load/crowd.ts'
import type { Random } from '../random.ts'
import type { SmallDisk } from '../small-disk.ts'

/** The parts that a fault keeps from working: two faults that share one never overlap. */
export type Touched = 'postgres' | 'nats' | 'api' | 'gateway' | 'notifier' | 'clients' | 'nginx'

export interface Fault {
  name: string
  touches: readonly Touched[]
  /** How long it lasts, in seconds: at least and at most. */
  seconds: readonly [number, number]
  /** What not every machine has, and how to find out; a fault without it is left out by name. */
  needs?: string
  isPossible?(): boolean | Promise<boolean>
  /** Begins it, and returns how to end it. The choices it makes come from `random` alone. */
  begin(world: World, random: Random): Promise<() => Promise<void>>
}

/** Whose connections can be spoilt from the client's side. */
export interface Controllable {
  readonly isConnected: boolean
  breakConnections(): void
  pause(): void
  resume(): void
}

/** What faults act on. */
export interface World {
  stack: Stack
  /** By `from>to`, such as `gateway-1>api-2`. */
  links: ReadonlyMap<string, ChaosProxy>
  clients: () => readonly Controllable[]
  /** Disks of their own, `postgres` and `nats`; none where nothing may be mounted. */
  disks: ReadonlyMap<string, SmallDisk>
  /** Where each service's process listens for orders: see seams/control.ts. */
  sockets: string
  /** Undefined in runs that have none. */
  crowd: Crowd | undefined
}

/** Those of the faults that this machine can do; `leftOut` is told of each other one, and what it needs. */
export async function possibleFaults(
  faults: readonly Fault[],
  leftOut: (fault: Fault) => void = () => undefined
): Promise<Fault[]> {
  const possible: Fault[] = []
  for (const fault of faults) {
    if ((await fault.isPossible?.()) ?? true) possible.push(fault)
    else leftOut(fault)
  }
  return possible
}

/** Signals a process that runs; one that died by itself is reported at the end of the run. */
export async function signal(
  { stack }: Pick<World, 'stack'>,
  name: string,
  what: NodeJS.Signals
): Promise<void> {
  if (stack.runs(name)) await stack.kill(name, what)
}

export type ServiceName = 'api' | 'gateway' | 'notifier'

/** `api-1`, `api-2`, … */
export function instancesOf({ stack }: Pick<World, 'stack'>, service: ServiceName): string[] {
  return stack.processes.map(({ name }) => name).filter((name) => name.startsWith(`${service}-`))
}
