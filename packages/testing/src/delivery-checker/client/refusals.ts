/** What a close code, or the status of a refused upgrade, says of what was just asked: it will not be answered any more. */
export const refusals: ReadonlyMap<number | undefined, string> = new Map([
  [401, 'unauthenticated'],
  [404, 'not_found'],
  [4501, 'unauthenticated'],
  [4503, 'not_found']
])
