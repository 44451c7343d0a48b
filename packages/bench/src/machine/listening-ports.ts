import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

const LISTEN = '0A'

/** The IPv4 TCP ports a process of this machine listens on. */
export function listeningPorts(pid: number): Set<number> {
  const own = new Set(readdirSync(`/proc/${pid}/fd`).flatMap((fd) => inodeOf(`/proc/${pid}/fd/${fd}`)))
  const rows = readFileSync('/proc/net/tcp', 'latin1').trim().split('\n').slice(1)
  return new Set(
    rows
      .map((row) => row.trim().split(/\s+/))
      .filter((row) => row[3] === LISTEN && own.has(row[9] ?? ''))
      .map((row) => Number.parseInt(row[1]?.split(':')[1] ?? '', 16))
  )
}

function inodeOf(link: string): string[] {
  try {
    const match = /^socket:\[(\d+)\]$/.exec(readlinkSync(link))
    return match?.[1] === undefined ? [] : [match[1]]
  } catch {
    // Closed meanwhile.
    return []
  }
}
