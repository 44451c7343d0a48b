import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Machine } from '../machine/machine.ts'
import type { ScenarioResult } from './run-scenario.ts'

const folder = join(import.meta.dirname, '../../results')

/** Keeps everything a scenario gave, samples included, and returns the file's path. */
export async function keepResults(
  command: string,
  machine: Machine,
  result: ScenarioResult
): Promise<string> {
  await mkdir(folder, { recursive: true })
  const at = new Date().toISOString()
  const file = join(folder, `${result.name}-${at.replaceAll(/[:.]/g, '-')}.json`)
  await writeFile(file, JSON.stringify({ at, command, machine, ...result }, rounded, 1))
  return file
}

/** Microseconds are as fine as the clock's use here is. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toFixed(3)) : value
}
