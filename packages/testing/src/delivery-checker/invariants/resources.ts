import type { ResourceSample } from '../history.ts'
import type { Run } from '../run.ts'
import type { Violation } from '../violation.ts'

/** I12: when all is quiet again memory and descriptors are about what they were, and nothing waits in the outbox. */
export function* resources(run: Run): Iterable<Violation> {
  const { unpublished } = run.truth
  if (unpublished > 0)
    yield { invariant: 'I12', what: 'changes wait in the outbox', evidence: { unpublished } }
  const samples = run.history.filter((record): record is ResourceSample => record.type === 'sample')
  const baseline = new Map(
    samples.filter(({ phase }) => phase === 'baseline').map((sample) => [sample.process, sample])
  )
  const { growth, growth_bytes, growth_fds } = run.tolerances
  for (const final of samples.filter(({ phase }) => phase === 'final')) {
    const before = baseline.get(final.process)
    if (!before) continue
    if (final.heap_bytes > Math.max(before.heap_bytes * growth, before.heap_bytes + growth_bytes))
      yield { invariant: 'I12', what: 'memory was not given back', evidence: { before, final } }
    if (final.fds > Math.max(before.fds * growth, before.fds + growth_fds))
      yield { invariant: 'I12', what: 'descriptors were not given back', evidence: { before, final } }
  }
}
