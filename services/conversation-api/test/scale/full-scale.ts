// `npm run scale`: the lists on 10,000 conversations of one user and 1,000,000 messages of one conversation.
import t from 'tap'
import { checkScale } from './check-scale.ts'

t.setTimeout(600_000)
await checkScale(t, { conversations: 10_000, messages: 1_000_000, members: 10_000 })
