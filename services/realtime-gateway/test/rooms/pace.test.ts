import t from 'tap'
import { Pace } from '../../src/rooms/pace.ts'

t.test('a room is not alone while another one was at work just now', async (t) => {
  const [a, b, c] = [{}, {}, {}]
  const pace = new Pace(100)
  t.notOk(pace.isShared(a, 0), 'nobody was at work')
  pace.began(a, 0)
  pace.began(a, 10)
  t.notOk(pace.isShared(a, 20), 'nobody but itself')
  t.ok(pace.isShared(b, 20))
  pace.began(b, 50)
  t.ok(pace.isShared(a, 149))
  t.notOk(pace.isShared(a, 150), 'that was long ago')
  pace.began(b, 200)
  pace.began(a, 210)
  t.ok(pace.isShared(a, 220), 'the other one was, before it began itself')
  t.ok(pace.isShared(b, 220))
  t.ok(pace.isShared(c, 220))
  pace.began(a, 290)
  t.notOk(pace.isShared(a, 300), 'what it does itself does not count')
})
