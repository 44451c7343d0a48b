/** The data of each event of a `text/event-stream`; ids, names and comments are passed over. */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  onBytes: () => void
): AsyncGenerator<string, void> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader()
  let rest = ''
  let data: string[] = []
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      onBytes()
      const lines = (rest + read.value).split(/\r\n|\n|\r/)
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5))
        else if (line === '' && data.length > 0) {
          yield data.join('\n')
          data = []
        }
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
