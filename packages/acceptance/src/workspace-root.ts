import { join } from 'node:path'

/** Where the processes run and documents are found. */
export const workspaceRoot = join(import.meta.dirname, '../../..')
