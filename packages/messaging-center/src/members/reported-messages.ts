import type { Message, Report } from '@parley/contracts'

export interface ReportedMessage {
  message: Message
  /** Who reported it and why, the oldest first. */
  reports: readonly Report[]
}

/** Reports by the message that they are about, since they are settled together; in the order of the oldest of each. */
export function reportedMessages(reports: readonly Report[]): ReportedMessage[] {
  return [...Map.groupBy(reports, ({ message }) => message.id).values()].flatMap((of) => {
    const [first] = of
    return first ? [{ message: first.message, reports: of }] : []
  })
}
