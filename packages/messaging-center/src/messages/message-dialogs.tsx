import type { Message } from '@parley/contracts'
import { DeleteDialog } from './delete-dialog.tsx'
import { ForwardDialog } from './forward-dialog.tsx'
import { ReportDialog } from './report-dialog.tsx'
import { SeenDialog } from './seen-dialog.tsx'
import type { Asking } from './use-message-commands.ts'
import { VersionsDialog } from './versions-dialog.tsx'

export interface MessageDialogProps {
  message: Message
  onClose(): void
}

const dialogs = {
  delete: DeleteDialog,
  forward: ForwardDialog,
  report: ReportDialog,
  seen: SeenDialog,
  versions: VersionsDialog
}

/** What asks or shows something about one message; loaded when one is first opened. */
export function MessageDialog({ what, ...about }: MessageDialogProps & { what: Exclude<Asking, 'react'> }) {
  const Shown = dialogs[what]
  return <Shown {...about} />
}
