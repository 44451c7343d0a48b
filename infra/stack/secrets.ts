import { randomBytes } from 'node:crypto'

/** The passwords of one stack, made anew for each. */
export interface Secrets {
  databaseOwner: string
  databaseApi: string
  natsApi: string
  natsGateway: string
  natsNotifier: string
  internal: string
}

export function makeSecrets(): Secrets {
  return {
    databaseOwner: secret(),
    databaseApi: secret(),
    natsApi: secret(),
    natsGateway: secret(),
    natsNotifier: secret(),
    internal: secret()
  }
}

// Letters first and hexadecimal after: nats-server reads a bare number as one.
function secret(): string {
  return `parley${randomBytes(18).toString('hex')}`
}
