import type { Run } from './run.ts'

export type InvariantId = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I9' | 'I10' | 'I11' | 'I12'

/** What is not as promised, with the records that show it. */
export interface Violation {
  invariant: InvariantId
  what: string
  evidence: unknown
}

/** Finds every breach of one promise. */
export type Invariant = (run: Run) => Iterable<Violation>
