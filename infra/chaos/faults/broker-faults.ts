import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Fault, Touched, World } from './fault.ts'

const touches: Touched[] = ['nats', 'notifier']
/** How much a rolled-back broker forgets, about. */
const FORGOTTEN_MS = 2_500

/** nats-server gone, empty, back in the past, or silent. */
export const brokerFaults: Fault[] = [
  {
    name: 'nats-kill',
    touches,
    seconds: [1, 6],
    async begin({ stack }) {
      await stack.kill('nats')
      return () => stack.restart('nats')
    }
  },
  {
    name: 'nats-wipe',
    touches,
    seconds: [0, 3],
    async begin({ stack }) {
      await stack.kill('nats')
      await rm(store(stack), { recursive: true, force: true })
      return () => stack.restart('nats')
    }
  },
  {
    name: 'nats-rollback',
    touches,
    seconds: [0, 2],
    async begin({ stack }) {
      const copy = `${store(stack)}.earlier`
      await stack.kill('nats')
      await cp(store(stack), copy, { recursive: true })
      await stack.restart('nats')
      await delay(FORGOTTEN_MS)
      await stack.kill('nats')
      await rm(store(stack), { recursive: true, force: true })
      await cp(copy, store(stack), { recursive: true })
      await rm(copy, { recursive: true, force: true })
      return () => stack.restart('nats')
    }
  },
  {
    name: 'nats-pause',
    touches,
    seconds: [2, 10],
    async begin({ stack }) {
      await stack.kill('nats', 'SIGSTOP')
      return () => stack.kill('nats', 'SIGCONT')
    }
  }
]

function store(stack: World['stack']): string {
  return join(stack.dir, 'nats', 'jetstream')
}
