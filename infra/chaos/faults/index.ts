import { brokerFaults } from './broker-faults.ts'
import { clientFaults } from './client-faults.ts'
import { databaseFaults } from './database-faults.ts'
import { doorbellFaults } from './doorbell-faults.ts'
import type { Fault } from './fault.ts'
import { linkFaults } from './link-faults.ts'
import { processFaults } from './process-faults.ts'

export const allFaults: readonly Fault[] = [
  ...processFaults,
  ...brokerFaults,
  ...databaseFaults,
  ...linkFaults,
  ...clientFaults,
  ...doorbellFaults
]
