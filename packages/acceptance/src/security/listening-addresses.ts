import { readdir, readFile, readlink } from 'node:fs/promises'

/** Where a process listens, as `127.0.0.1:8000` or `[::]:8000`, sorted. Linux only. */
export async function listeningAddresses(pid: number): Promise<string[]> {
  const inodes = await socketInodes(pid)
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map(async (name) => {
      // A kernel without IPv6 has no second table.
      const text = await readFile(`/proc/${pid}/net/${name}`, 'utf8').catch(() => '')
      return text.split('\n').slice(1)
    })
  )
  const LISTENS = '0A'
  const found = tables.flat().flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
    return state === LISTENS && inodes.has(inode) ? [addressOf(local)] : []
  })
  return found.toSorted()
}

async function socketInodes(pid: number): Promise<Set<string>> {
  const folder = `/proc/${pid}/fd`
  const links = await Promise.all(
    // A descriptor may be closed while it is looked at.
    (await readdir(folder)).map((fd) => readlink(`${folder}/${fd}`).catch(() => ''))
  )
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []))
}

/** The kernel writes IPv4 addresses as a little-endian number. */
function addressOf(local: string): string {
  const [address = '', port = ''] = local.split(':')
  const number = Number.parseInt(port, 16)
  if (address.length === 8) return `${Buffer.from(address, 'hex').reverse().join('.')}:${number}`
  return /^0+$/.test(address) ? `[::]:${number}` : `[${address}]:${number}`
}
