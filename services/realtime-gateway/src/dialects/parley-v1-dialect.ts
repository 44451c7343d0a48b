import { encodeTextFrame } from '../connection/text-frame.ts'
import type { Dialect } from '../rooms/dialect.ts'

/** The api wrote these frames; they are passed on as they are. */
export const parleyV1Dialect: Dialect = {
  name: 'parley.v1',
  by_cursor: true,
  encode: encodeTextFrame,
  render: ({ wire }) => ({ bytes: wire })
}
