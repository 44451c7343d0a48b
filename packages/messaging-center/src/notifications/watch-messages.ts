import type { NewMessage } from '@parley/client'
import type { Center } from '../app/context.ts'
import { blocksOf } from '../people/blocks.ts'
import { type FromWorker, noticeOf, type ToWorker } from './notice.ts'
import { noticeChoices } from './notice-choices.ts'
import { keepPush, ownRegistration } from './push.ts'
import { pushTexts } from './push-texts.ts'
import { seenElsewhere } from './seen-elsewhere.ts'
import { tellsOf } from './tells-of.ts'
import { closeShown } from './close-shown.ts'
import { playSound } from './sound.ts'

/** From now on what comes is told of, and what was read is told of no more. Returns how to stop it. */
export function watchMessages(center: Center, language: string): () => void {
  const { client, me, router } = center
  const seen = seenElsewhere()
  const blocks = blocksOf(client)
  const lookedAt = () => {
    const route = router.get()
    const looking = document.visibilityState === 'visible' && document.hasFocus()
    return looking && route.at === 'conversation' ? route.id : undefined
  }
  const tidy = () => {
    const id = lookedAt()
    if (id !== undefined) void closeShown(({ conversation_id }) => conversation_id === id)
  }
  const heard = async ({ conversation_id, message }: NewMessage) => {
    if (conversation_id === lookedAt()) return seen.tell(message.id)
    const { sound, push_of } = noticeChoices.get()
    if (!sound && push_of !== me.id) return
    const conversation =
      center.conversations.get().items.find(({ id }) => id === conversation_id) ??
      (await client.conversation(conversation_id).get())
    if (!tellsOf(message, conversation, me, blocks.get().users)) return
    if (await seen.ask(message.id)) return
    if (push_of === me.id && !document.hasFocus()) {
      const registration = await ownRegistration()
      const notice: ToWorker = {
        type: 'parley-notice',
        notice: noticeOf(message, conversation, pushTexts(language))
      }
      registration?.active?.postMessage(notice)
    } else if (sound) await onceForAllTabs(playSound)
  }
  const clicked = ({ data }: MessageEvent<FromWorker>) => {
    if (data.type !== 'parley-open') return
    const { conversation_id: id, seq } = data
    router.go({ at: 'conversation', id, ...(seq === undefined ? {} : { message: seq }) })
  }
  const quietly = (work: Promise<unknown>) => void work.catch(() => undefined)
  quietly(keepPush({ client, me, language }))
  tidy()
  const offs = [
    blocks.subscribe(() => undefined),
    client.on('message', (event) => quietly(heard(event))),
    client.on('message_deleted', ({ message_id }) => quietly(closeShown(({ tag }) => tag === message_id))),
    client.on('read', ({ conversation_id, user_id, seq }) => {
      if (user_id !== me.id) return
      quietly(closeShown((one) => one.conversation_id === conversation_id && (one.seq ?? 0) <= seq))
    }),
    router.subscribe(tidy),
    listen(globalThis, 'focus', tidy),
    listen(document, 'visibilitychange', tidy),
    ...('serviceWorker' in navigator ? [listen(navigator.serviceWorker, 'message', clicked)] : [])
  ]
  navigator.serviceWorker?.startMessages()
  return () => {
    for (const off of offs) off()
    seen.close()
  }
}

function listen(target: EventTarget, name: string, listener: (event: never) => void): () => void {
  target.addEventListener(name, listener as EventListener)
  return () => target.removeEventListener(name, listener as EventListener)
}

/** Of several tabs that hear the same the first one does it. */
async function onceForAllTabs(work: () => Promise<void>): Promise<void> {
  if (!('locks' in navigator)) return work()
  await navigator.locks.request('parley-sound', { ifAvailable: true }, async (lock) => {
    if (!lock) return
    await work()
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  })
}
