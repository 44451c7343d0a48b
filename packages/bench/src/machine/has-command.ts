import { spawnSync } from 'node:child_process'

/** Whether a command that knows `--version` is on PATH. */
export function hasCommand(name: string): boolean {
  return spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0
}
