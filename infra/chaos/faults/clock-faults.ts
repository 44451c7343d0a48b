import { findFaketime, removeFaketimeLeftovers } from '../faketime.ts'
import { type Fault, instancesOf, type ServiceName } from './fault.ts'

const services: ServiceName[] = ['api', 'gateway', 'notifier']

/** One instance whose clock is an hour off. `performance.now()` and timers go on as they do. */
export const clockFaults: Fault[] = services.map((service) => ({
  name: `clock:${service}`,
  touches: [service],
  seconds: [5, 12],
  needs: 'faketime',
  isPossible: findFaketime,
  async begin({ stack }, random) {
    const name = random.pick(instancesOf({ stack }, service))
    const by = random.pick(['+1h', '-1h'])
    await removeFaketimeLeftovers()
    await stack.restart(name, { via: ['env', 'FAKETIME_DONT_FAKE_MONOTONIC=1', 'faketime', '-f', by] })
    return () => stack.restart(name)
  }
}))
