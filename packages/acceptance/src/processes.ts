import { readdir, readFile } from 'node:fs/promises'

/** The command lines of the processes that were started with `text` in one of their arguments. Linux only. */
export async function processesWith(text: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(
    // A process may end while it is looked at.
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''))
  )
  return lines.map((line) => line.replaceAll('\0', ' ').trim()).filter((line) => line.includes(text))
}
