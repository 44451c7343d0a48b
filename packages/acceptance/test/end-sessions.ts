import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type World, workspaceRoot } from '../src/index.ts'
import type { SecuredParley } from './security-fixture.ts'

/** Makes strangers of three people: logged out, past its time, and disabled with the operator's command. */
export async function endSessions(
  { people }: World,
  { database, databaseUrl }: SecuredParley
): Promise<void> {
  const { logged_out, expired, disabled } = people
  await logged_out.api.post('/messaging/api/auth/logout-all/')
  const past = `update sessions set expires_at = now() - interval '1 second' where user_id = $1`
  await database.query(past, [expired.user.id])
  await promisify(execFile)(
    process.execPath,
    ['services/conversation-api/src/operator.ts', 'disable', disabled.user.username],
    { cwd: workspaceRoot, env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl } }
  )
}
