import type { Conversation } from '@parley/contracts'
import { useRef, useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { LoadMore } from '../app/load-more.tsx'
import type { PagesInUse } from '../app/use-pages.ts'
import { Button } from '../design/button.tsx'
import { ConfirmDialog } from '../design/confirm-dialog.tsx'
import { keepFocus } from '../design/focus.ts'
import { Spinner } from '../design/spinner.tsx'
import { EmptyState, ErrorState } from '../design/states.tsx'
import { errorText } from '../strings/error-text.ts'
import { type ReportedMessage, reportedMessages } from './reported-messages.ts'
import type { Report } from '@parley/contracts'

export interface ReportListProps {
  conversation: Conversation
  pages: PagesInUse<Report>
}

/** What members have reported: to be dismissed, or removed. */
export function ReportList({ conversation, pages }: ReportListProps) {
  const { t } = useStrings()
  const { status, items, change } = pages
  if (status === 'loading') return <Spinner label={t('common.loading')} />
  if (status === 'failed') return <ErrorState error={pages.error} retry={pages.reload} />
  if (items.length === 0)
    return <EmptyState icon="flag" title={t('members.noReports')} text={t('members.noReportsHint')} />
  return (
    <>
      <ul class="report-list">
        {reportedMessages(items).map((reported) => (
          <ReportCard
            key={reported.message.id}
            conversation_id={conversation.id}
            reported={reported}
            onSettled={() => change((all) => all.filter(({ message }) => message.id !== reported.message.id))}
          />
        ))}
      </ul>
      <LoadMore pages={pages} loadMore={pages.loadMore} />
    </>
  )
}

interface ReportCardProps {
  conversation_id: string
  reported: ReportedMessage
  onSettled(): void
}

function ReportCard({ conversation_id, reported: { message, reports }, onSettled }: ReportCardProps) {
  const { client, router, announce } = useCenter()
  const strings = useStrings()
  const { t } = strings
  const card = useRef<HTMLLIElement>(null)
  const [busy, setBusy] = useState(false)
  const [asking, setAsking] = useState(false)
  const [error, setError] = useState<unknown>()
  const settle = async (resolution: 'dismissed' | 'removed') => {
    // One settles all that there are of the message.
    const report_id = reports[0]?.id ?? ''
    await client.rest('POST conversations/{conversation_id}/reports/{report_id}/resolve/', {
      conversation_id,
      report_id,
      resolution
    })
    announce(t(`members.report_${resolution}`))
    keepFocus(card.current?.closest<HTMLElement>('[role="tabpanel"]'))
    onSettled()
  }
  const dismiss = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await settle('dismissed')
    } catch (cause) {
      setError(cause)
      setBusy(false)
    }
  }
  const show = () => router.go({ at: 'conversation', id: conversation_id, message: message.seq })
  return (
    <li ref={card} class="report-card">
      <p class="report-about">
        <strong>
          <bdi>{message.sender.display_name}</bdi>
        </strong>{' '}
        <time dateTime={message.created_at}>
          {t('members.at', { day: strings.day(message.created_at), time: strings.time(message.created_at) })}
        </time>
      </p>
      <blockquote class="report-body" dir="auto" tabIndex={0}>
        {message.deleted_at ? t('members.reportGone') : message.body || t('members.reportFiles')}
      </blockquote>
      <ul class="report-reasons">
        {reports.map(({ id, reporter, reason }) => (
          <li key={id}>
            <bdi>{reporter.display_name}</bdi>: <q dir="auto">{reason}</q>
          </li>
        ))}
      </ul>
      {error !== undefined && (
        <p class="form-error" role="alert">
          {errorText(strings, error)}
        </p>
      )}
      <div class="report-actions">
        <Button busy={busy} onClick={dismiss}>
          {t('members.dismiss')}
        </Button>
        {!message.deleted_at && (
          <>
            <Button look="danger" onClick={() => setAsking(true)}>
              {t('members.removeMessage')}
            </Button>
            <Button look="quiet" onClick={show}>
              {t('members.showMessage')}
            </Button>
          </>
        )}
      </div>
      {asking && (
        <ConfirmDialog
          title={t('members.removeMessage')}
          text={t('members.removeMessageText')}
          confirm={t('members.removeMessage')}
          danger
          onConfirm={() => settle('removed')}
          onClose={() => setAsking(false)}
        />
      )}
    </li>
  )
}
