import { waitUntil } from '@parley/testing'
import { canMount } from '../small-disk.ts'
import type { Fault, World } from './fault.ts'

const NOTICED_MS = 20_000

/** No space left, for the broker and for the database. */
export const diskFaults: Fault[] = [
  {
    name: 'nats-disk-full',
    touches: ['nats', 'notifier', 'api'],
    seconds: [4, 10],
    needs: 'a disk to mount',
    isPossible: canMount,
    async begin(world) {
      const disk = diskOf(world, 'nats')
      await disk.fill()
      // nats-server 2.9 says nothing. The apis must notice, and say so without being unready.
      await waitUntil(() => allDegraded(world), {
        timeout_ms: NOTICED_MS,
        message: 'every api says that its bus is degraded'
      })
      return async () => {
        await disk.free()
        await world.stack.restart('nats')
      }
    }
  },
  {
    name: 'postgres-disk-full',
    touches: ['postgres', 'api'],
    seconds: [2, 8],
    needs: 'a disk to mount',
    isPossible: canMount,
    async begin(world) {
      const disk = diskOf(world, 'postgres')
      // Without room for its log it gives up: the operator frees the disk and starts it again.
      void world.stack.ends('postgres')
      await disk.fill()
      return async () => {
        await disk.free()
        await world.stack.restart('postgres')
      }
    }
  }
]

function diskOf({ disks }: World, name: string) {
  const disk = disks.get(name)
  if (!disk) throw new Error(`${name} has no disk of its own`)
  return disk
}

async function allDegraded({ stack }: World): Promise<boolean> {
  const apis = stack.processes.filter(({ name }) => name.startsWith('api-') && stack.runs(name))
  const said = await Promise.all(
    apis.map(async ({ port }) => {
      const reply = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined)
      return reply?.ok === true && /"bus":\s*"degraded"/.test(await reply.text())
    })
  )
  return said.every(Boolean)
}
