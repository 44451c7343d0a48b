import { findOldVersion } from '../old-version.ts'
import { type Fault, instancesOf, type ServiceName } from './fault.ts'

const services: ServiceName[] = ['api', 'gateway', 'notifier']

/** One instance of an earlier version beside the others, on the database of the new one: half of a deployment, or half of a roll-back. */
export const versionFaults: Fault[] = services.map((service) => ({
  name: `old-beside-new:${service}`,
  touches: [service],
  seconds: [5, 12],
  needs: 'an earlier version in git',
  isPossible: async () => (await findOldVersion()) !== undefined,
  async begin({ stack }, random) {
    const name = random.pick(instancesOf({ stack }, service))
    const root = await findOldVersion()
    if (root === undefined) throw new Error('there is no earlier version')
    await stack.restart(name, { root })
    return () => stack.restart(name)
  }
}))
