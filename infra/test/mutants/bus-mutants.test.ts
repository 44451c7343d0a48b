import { busMutants } from '../../chaos/mutants/bus-mutants.ts'
import { acquits, catches } from './catches.ts'

acquits()
catches(busMutants)
