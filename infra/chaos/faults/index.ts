import { brokerFaults } from './broker-faults.ts'
import { clientFaults } from './client-faults.ts'
import { clockFaults } from './clock-faults.ts'
import { crashFaults } from './crash-faults.ts'
import { databaseFaults } from './database-faults.ts'
import { diskFaults } from './disk-faults.ts'
import { doorbellFaults } from './doorbell-faults.ts'
import type { Fault } from './fault.ts'
import { linkFaults } from './link-faults.ts'
import { processFaults } from './process-faults.ts'
import { versionFaults } from './version-faults.ts'

export const allFaults: readonly Fault[] = [
  ...processFaults,
  ...crashFaults,
  ...clockFaults,
  ...versionFaults,
  ...brokerFaults,
  ...databaseFaults,
  ...diskFaults,
  ...linkFaults,
  ...clientFaults,
  ...doorbellFaults
]
