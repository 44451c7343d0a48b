import type { Conversation } from '@parley/contracts'
import { useCallback, useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { SidePanel } from '../app/side-panel.tsx'
import { type PageQuery, usePages } from '../app/use-pages.ts'
import { Button } from '../design/button.tsx'
import { Tabs } from '../design/tabs.tsx'
import { AddMembers } from './add-members.tsx'
import { BanList } from './ban-list.tsx'
import { mayDo } from './may-do.ts'
import { MemberList } from './member-list.tsx'
import { reportedMessages } from './reported-messages.ts'
import { ReportList } from './report-list.tsx'

/** Who is in a conversation, beside it. */
export function MemberPanel({ conversation }: { conversation: Conversation }) {
  const { t } = useStrings()
  const [adding, setAdding] = useState(false)
  return (
    <SidePanel title={t('members.title')}>
      {mayDo('add-members', conversation) && (
        <Button class="member-add" icon="person-add" onClick={() => setAdding(true)}>
          {t('members.add')}
        </Button>
      )}
      {mayDo('moderate', conversation) ? (
        <Moderated key={conversation.id} conversation={conversation} />
      ) : (
        <MemberList key={conversation.id} conversation={conversation} />
      )}
      {adding && <AddMembers conversation={conversation} onClose={() => setAdding(false)} />}
    </SidePanel>
  )
}

/** The members, and what only owners and admins see. */
function Moderated({ conversation }: { conversation: Conversation }) {
  const { client } = useCenter()
  const { t } = useStrings()
  const { id: conversation_id } = conversation
  const [tab, setTab] = useState<'members' | 'bans' | 'reports'>('members')
  const readReports = useCallback(
    (page: PageQuery, signal: AbortSignal) =>
      client.rest('GET conversations/{conversation_id}/reports/', { conversation_id, ...page }, { signal }),
    [client, conversation_id]
  )
  const reports = usePages(readReports)
  return (
    <Tabs
      label={t('members.title')}
      value={tab}
      onChange={setTab}
      tabs={[
        { value: 'members', label: t('members.title') },
        { value: 'bans', label: t('members.bans') },
        { value: 'reports', label: t('members.reports'), count: reportedMessages(reports.items).length }
      ]}
    >
      {tab === 'members' && <MemberList conversation={conversation} />}
      {tab === 'bans' && <BanList conversation={conversation} />}
      {tab === 'reports' && <ReportList conversation={conversation} pages={reports} />}
    </Tabs>
  )
}
