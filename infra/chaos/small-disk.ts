import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { appendFile, mkdir, open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'

/** A folder on a disk of its own, which can be filled up. */
export interface SmallDisk {
  readonly folder: string
  /** Takes all that is left. */
  fill(): Promise<void>
  free(): Promise<void>
  unmount(): Promise<void>
}

/** Also where the run is broken off: a mounted image would stay. */
const mounted = new Set<string>()
process.once('exit', () => {
  for (const folder of mounted) unmountNow(folder)
})

const MEGABYTE = 1024 * 1024
const CHUNK = Buffer.alloc(64 * 1024)

/**
 * Mounts an ext4 image of `megabytes` at `folder`: a real disk, with real waits for it. Undefined where this process may not mount.
 */
export async function mountSmallDisk(folder: string, megabytes: number): Promise<SmallDisk | undefined> {
  const image = imageOf(folder)
  await mkdir(folder, { recursive: true })
  const ready =
    runs('truncate', '-s', `${megabytes}M`, image) &&
    runs('mkfs.ext4', '-q', '-m', '0', image) &&
    runs('mount', '-o', 'loop', image, folder)
  if (!ready) return undefined
  mounted.add(folder)
  const ballast = join(folder, 'ballast')
  return {
    folder,
    async fill() {
      const { bavail, bsize } = await statfs(folder)
      const whole = Math.floor((bavail * bsize) / MEGABYTE) - 1
      if (whole > 0) runs('fallocate', '-l', `${whole}M`, ballast)
      await fillRest(ballast)
    },
    free: () => rm(ballast, { force: true }),
    unmount: async () => unmountNow(folder)
  }
}

function imageOf(folder: string): string {
  return `${folder}.image`
}

function unmountNow(folder: string): void {
  mounted.delete(folder)
  runs('umount', '-l', folder)
  rmSync(imageOf(folder), { force: true })
}

/** What is missing to the last byte. */
async function fillRest(file: string): Promise<void> {
  for (;;) {
    try {
      await appendFile(file, CHUNK)
      const handle = await open(file, 'r+')
      await handle.sync()
      await handle.close()
    } catch {
      return
    }
  }
}

/** Whether disks can be mounted here. */
export function canMount(): boolean {
  return process.getuid?.() === 0 && runs('losetup', '--find') && runs('mkfs.ext4', '-V')
}

function runs(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}
