// Loaded into each service of a chaos run by `node --import`, before the service itself: production code knows nothing of it. Listens
// on a socket of its own for what to do: to crash at the n-th passage of a step on a message's way, or to say what memory is in use.
import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import process from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Order } from './control.ts'
import { socketOf } from './control.ts'
import { crashAt, watchSteps } from './steps.ts'

const { CHAOS_SOCKETS } = process.env
if (CHAOS_SOCKETS !== undefined) {
  watchSteps()
  listen(socketOf(CHAOS_SOCKETS, process.pid))
}

function listen(path: string): void {
  rmSync(path, { force: true })
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      const order = JSON.parse(data.toString()) as Order
      socket.end(JSON.stringify(carryOut(order)))
    })
  })
  server.listen(path)
  // Whether the service goes on is the service's to decide.
  server.unref()
}

function carryOut(order: Order): object {
  if (order.type === 'crash') {
    crashAt(order.step, order.passage)
    return {}
  }
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let n = 0; n < 3; n++) collect()
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heap_bytes: heapUsed + external, rss_bytes: rss }
}
