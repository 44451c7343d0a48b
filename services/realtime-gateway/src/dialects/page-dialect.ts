import type { Dialect } from '../rooms/dialect.ts'

/** What a long-poll gathers: frames of `parley.v1`, each followed by a comma. */
export const pageDialect: Dialect = {
  name: 'page',
  by_cursor: true,
  render: ({ frame }) => ({ bytes: Buffer.concat([frame, comma]) }),
  encode: (json) => Buffer.from(`${json},`)
}

const comma = Buffer.from(',')
