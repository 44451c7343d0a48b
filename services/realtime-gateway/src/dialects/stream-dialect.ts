import type { Dialect } from '../rooms/dialect.ts'

/** `text/event-stream`: the frames of `parley.v1`, each with its seq as the event's id, to resume from. */
export const streamDialect: Dialect = {
  name: 'event-stream',
  by_cursor: true,
  render: ({ seq, frame }) => ({
    bytes: Buffer.concat([Buffer.from(`id: ${seq}\ndata: `), frame, blankLine])
  }),
  encode: (json) => Buffer.from(`data: ${json}\n\n`)
}

const blankLine = Buffer.from('\n\n')
