import type { SocketPlan } from './recording-socket.ts'
import { ReturningClient, type ReturningClientOptions } from './returning-client.ts'

/** Listens on `/ws/notifications/`, and comes back. It has no cursor: what is said while it is away it is not told. */
export class NotificationClient extends ReturningClient<ReturningClientOptions> {
  protected plan(): SocketPlan {
    return { url: `${this.options.base()}/ws/notifications/`, dialect: 'notifications' }
  }

  // The history has it; there is nothing to remember.
  protected received(): void {}
}
