// The lists, on as many conversations as one user may have and a tenth of the messages: `npm run scale` has them all.
import t from 'tap'
import { checkScale } from './check-scale.ts'

t.setTimeout(180_000)
await checkScale(t, { conversations: 10_000, messages: 100_000, members: 10_000 })
