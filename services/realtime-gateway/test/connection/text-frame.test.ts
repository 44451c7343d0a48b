// A text frame: made once, taken apart again.
import t from 'tap'
import { encodeTextFrame, textOf, textsOf } from '../../src/connection/text-frame.ts'

t.test('a text frame is what RFC 6455 says, and can be taken apart again', async (t) => {
  for (const length of [0, 1, 125, 126, 65_535, 65_536, 100_000]) {
    const text = Buffer.alloc(length, 'é')
    const frame = encodeTextFrame(text)
    t.equal(frame[0], 0x81)
    t.equal(frame.length, length + (length < 126 ? 2 : length < 65_536 ? 4 : 10))
    t.ok(textOf(frame).equals(text))
  }
  const texts = ['a', 'b'.repeat(200), '', 'ü'.repeat(70_000)]
  t.strictSame([...textsOf(Buffer.concat(texts.map((text) => encodeTextFrame(text))))].map(String), texts)
})
