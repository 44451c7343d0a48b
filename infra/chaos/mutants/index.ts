import { apiMutants } from './api-mutants.ts'
import { busMutants } from './bus-mutants.ts'
import type { Mutant } from './mutant.ts'

/** Every way to be wrong that the checker must notice. */
export const mutants: readonly Mutant[] = [...apiMutants, ...busMutants]
