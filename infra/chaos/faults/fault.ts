import type { ChaosProxy } from '@parley/testing'
import type { Stack } from '../../stack/topology.ts'
import type { Random } from '../random.ts'

/** The parts that a fault keeps from working: two faults that share one never overlap. */
export type Touched = 'postgres' | 'nats' | 'api' | 'gateway' | 'notifier' | 'clients' | 'nginx'

export interface Fault {
  name: string
  touches: readonly Touched[]
  /** How long it lasts, in seconds: at least and at most. */
  seconds: readonly [number, number]
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
}

/** Signals a process that runs; one that died by itself is reported at the end of the run. */
export async function signal({ stack }: World, name: string, what: NodeJS.Signals): Promise<void> {
  if (stack.runs(name)) await stack.kill(name, what)
}

export type ServiceName = 'api' | 'gateway' | 'notifier'

/** `api-1`, `api-2`, … */
export function instancesOf(world: World, service: ServiceName): string[] {
  return world.stack.processes.map(({ name }) => name).filter((name) => name.startsWith(`${service}-`))
}
