// A short seeded set of the fault schedule on the real topology; `npm run chaos` runs the long ones.
import { findNatsServer, findNginx, installDebianPackage } from '@parley/local-servers'
import t from 'tap'
import { possibleFaults } from '../chaos/faults/fault.ts'
import { allFaults } from '../chaos/faults/index.ts'
import { reportOf } from '../chaos/report.ts'
import { runChaos } from '../chaos/run-chaos.ts'
import { planFaults } from '../chaos/schedule.ts'

t.setTimeout(600_000)

t.test('the schedule is a pure function of the seed', async (t) => {
  const plan = (seed: number) => planFaults(seed, 600_000, allFaults)
  t.same(plan(11), plan(11))
  t.not(JSON.stringify(plan(11)), JSON.stringify(plan(12)))
  const names = new Set(plan(11).map(({ name }) => name))
  t.ok(names.size > allFaults.length * 0.7, `${names.size} of ${allFaults.length} faults in ten minutes`)
})

t.test('faults that touch the same part never overlap', async (t) => {
  for (let seed = 1; seed <= 20; seed++) {
    const planned = planFaults(seed, 300_000, allFaults)
    for (const [n, one] of planned.entries()) {
      const touches = touchedBy(one.name)
      const clash = planned
        .slice(0, n)
        .find(
          (other) =>
            other.at_ms + other.duration_ms > one.at_ms &&
            touchedBy(other.name).some((part) => touches.includes(part))
        )
      if (clash) t.fail(`seed ${seed}: ${one.name} overlaps ${clash.name}`)
    }
  }
  t.pass('twenty seeds')
})

/** One deal of every kind of trouble: a crash before and amid the fan-out, a kill, a reset, noise, a wrong clock, a failover, a cut, a wipe. */
const SEED = 390341
const FAULTS =
  /^(?:kill-one|stall-one|nats-(?:kill|wipe|rollback)|reconnect-storm$|cut:|crash:(?:after|mid)|clock:|postgres-failover|partition:gateway|doorbells-again|reset:|corrupt:)/

t.test('under faults every promise holds', async (t) => {
  if (!(await canRun())) return void t.skip('nats-server or nginx is not to be had', () => undefined)
  const wanted = allFaults.filter(({ name }) => FAULTS.test(name))
  const faults = await possibleFaults(wanted, ({ name, needs }) => {
    t.comment(`left out: ${name}, which needs ${needs}`)
  })
  const result = await runChaos({ seed: SEED, faults, length_ms: 30_000, rate: 40, people: 8, rooms: 4 })
  t.comment(reportOf(result))
  t.same(result.verdict.violations, [], `seed ${SEED}`)
  t.same(result.deaths, [], 'no process ended by itself')
  t.same(result.errors, [], 'the load ran as it should')
  const { acknowledged } = result.verdict.figures
  t.ok(acknowledged > 100, `${acknowledged} sends were acknowledged`)
})

function touchedBy(name: string): readonly string[] {
  return allFaults.find((fault) => fault.name === name)?.touches ?? []
}

async function canRun(): Promise<boolean> {
  const nats = findNatsServer() !== undefined || (await installDebianPackage('nats-server'))
  return nats && (findNginx() !== undefined || (await installDebianPackage('nginx')))
}
