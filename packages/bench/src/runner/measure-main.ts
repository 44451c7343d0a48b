// One measurement's process: told what by its argument, it says how it went over the channel, and ends with it.
import { scenarios } from '../scenarios/index.ts'
import type { MeasureOrder, MeasureReply } from './measure-apart.ts'

const order = JSON.parse(process.argv[2] ?? '') as MeasureOrder
process.on('disconnect', () => process.exit())

const tell = (reply: MeasureReply) => void process.send?.(reply)
try {
  const contender = scenarios
    .find(({ name }) => name === order.scenario)
    ?.contenders.find(({ name }) => name === order.contender)
  if (!contender) throw new Error(`${order.scenario} has no ${order.contender}`)
  const log = (line: string) => tell({ log: line })
  tell({ outcome: await contender.measure({ seconds: order.seconds, log }) })
} catch (error) {
  tell({ error: error instanceof Error ? error.message : String(error) })
}
