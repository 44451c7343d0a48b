export interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[]
  samples: number[]
  timeDeltas: number[]
}

/** Functions by the share of samples they were in themselves, in percent. */
export function cpuProfileSummary(
  { nodes, samples, timeDeltas }: CpuProfile,
  most = 40
): { where: string; percent: number }[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)] as const))
  const spent = new Map<string, number>()
  let total = 0
  for (const [n, id] of samples.entries()) {
    const time = timeDeltas[n] ?? 0
    const name = names.get(id) ?? ''
    spent.set(name, (spent.get(name) ?? 0) + time)
    total += time
  }
  return [...spent]
    .map(([where, time]) => ({ where, percent: (time / total) * 100 }))
    .sort((a, b) => b.percent - a.percent)
    .slice(0, most)
}

function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const file = url.split('/').slice(-3).join('/')
  return `${functionName || '(anonymous)'}${file ? ` ${file}:${lineNumber + 1}` : ''}`
}
