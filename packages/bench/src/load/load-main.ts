// The load client's process: carries out what the runner's process asks over the channel, and ends with it.
import type { ConnectPlan, RunPlan } from './load-plan.ts'
import { LoadGenerator } from './load-generator.ts'

export interface LoadRequest {
  id: number
  call: { connect: ConnectPlan } | { run: RunPlan } | { close: true }
}

export interface LoadReply {
  id: number
  result?: unknown
  error?: string
}

const generator = new LoadGenerator()

process.on('message', (request: LoadRequest) => void answer(request))
process.on('disconnect', () => process.exit())

async function answer({ id, call }: LoadRequest): Promise<void> {
  const reply: LoadReply = { id }
  try {
    if ('connect' in call) reply.result = await generator.connect(call.connect)
    else if ('run' in call) reply.result = await generator.run(call.run)
    else await generator.close()
  } catch (error) {
    reply.error = error instanceof Error ? error.message : String(error)
  }
  process.send?.(reply)
}
