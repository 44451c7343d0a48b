/**
 * What a close code, or the status of a refused upgrade, says of what was just asked: it will not be answered any more. Unlike a problem's
 * code it says nothing of what became of it.
 */
export const refusals: ReadonlyMap<number | undefined, string> = new Map([
  [401, 'signed_out'],
  [404, 'shut_out'],
  [4501, 'signed_out'],
  [4503, 'shut_out']
])
