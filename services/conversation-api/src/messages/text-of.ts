import { ProblemError } from '@parley/contracts'

/** What is written: nothing where files speak for themselves. Throws `validation_failed` where there is neither. */
export function textOf({
  body,
  attachment_ids
}: {
  body?: string | undefined
  attachment_ids?: readonly string[] | undefined
}): string {
  if (body !== undefined) return body
  if (attachment_ids?.length) return ''
  throw new ProblemError('validation_failed', {
    errors: [{ pointer: '/body', reason: 'is required where there are no attachments' }]
  })
}
