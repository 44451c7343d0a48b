import type { Dialect } from '../rooms/dialect.ts'

/** The api wrote these frames; they are passed on as they are. */
export const parleyV1Dialect: Dialect = {
  name: 'parley.v1',
  by_cursor: true,
  render: ({ wire }) => ({ bytes: wire })
}
