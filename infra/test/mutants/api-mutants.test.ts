import { apiMutants } from '../../chaos/mutants/api-mutants.ts'
import { catches } from './catches.ts'

catches(apiMutants)
