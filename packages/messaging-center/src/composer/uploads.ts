import { type Client, NetworkError, ParleyError } from '@parley/client'
import type { Store } from '@parley/client/stores'
import type { Attachment } from '@parley/contracts'
import { ATTACHMENTS_PER_MESSAGE } from './limits.ts'

/** A file of the message that is being written. */
export interface Upload {
  key: string
  name: string
  type: string
  /** Bytes. */
  size: number
  /** The address of a picture that is shown meanwhile. */
  preview?: string
  state: 'uploading' | 'done' | 'failed'
  /** From 0 to 1. */
  progress: number
  /** With `done`. */
  attachment?: Attachment
  /** With `failed`. */
  error?: unknown
}

export interface Uploads extends Store<readonly Upload[]> {
  /** Begins with as many as a message takes; says how many are left over. */
  add(files: readonly File[]): number
  /** Those of an earlier page load. */
  restore(attachments: readonly Attachment[], stale: boolean): void
  retry(key: string): void
  /** Gives one up, and takes it back where it was done. */
  remove(key: string): void
  /** What is done, which goes with a message now; nothing stays. */
  take(): readonly Attachment[]
}

const AT_ONCE = 2

/** What uploads, when there is something to upload. Where it does not come it can be tried again, as a file can. */
const uploading = () =>
  import('./upload-file.ts').catch(() => {
    throw new NetworkError('a part of the page')
  })

/** The files of one message: uploaded two at a time, in the order in which they were chosen. */
function createUploads(client: Client): Uploads {
  let items: readonly Upload[] = []
  const files = new Map<string, File>()
  const running = new Map<string, AbortController>()
  const listeners = new Set<() => void>()

  const set = (next: readonly Upload[]) => {
    items = next
    for (const listener of Array.from(listeners)) listener()
  }
  const change = (key: string, to: Partial<Upload>) =>
    set(items.map((one) => (one.key === key ? { ...one, ...to } : one)))

  const next = () => {
    const waiting = items.find(({ key, state }) => state === 'uploading' && !running.has(key))
    if (waiting && running.size < AT_ONCE) void run(waiting.key)
  }
  const run = async (key: string) => {
    const file = files.get(key)
    if (!file) return
    const giveUp = new AbortController()
    running.set(key, giveUp)
    next()
    try {
      const progress = (done: number) => change(key, { progress: done })
      const { uploadFile } = await uploading()
      const attachment = await uploadFile(client, file, { signal: giveUp.signal, progress })
      if (giveUp.signal.aborted) takeBack(attachment)
      else change(key, { state: 'done', progress: 1, attachment })
    } catch (error) {
      if (!giveUp.signal.aborted) change(key, { state: 'failed', error })
    } finally {
      if (running.get(key) === giveUp) running.delete(key)
      next()
    }
  }
  /** Where that fails too, it is swept after a day. */
  const takeBack = ({ id }: Attachment) =>
    void client.rest('DELETE attachments/{attachment_id}/', { attachment_id: id }).catch(() => undefined)
  const forget = ({ key, preview }: Upload) => {
    if (preview) URL.revokeObjectURL(preview)
    files.delete(key)
  }

  return {
    get: () => items,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    add(chosen) {
      const taken = chosen.slice(0, ATTACHMENTS_PER_MESSAGE - items.length)
      set([...items, ...taken.map((file) => begin(file, files))])
      next()
      return chosen.length - taken.length
    },
    restore(attachments, stale) {
      if (items.length > 0) return
      set(attachments.map((attachment) => restored(attachment, stale)))
    },
    retry(key) {
      change(key, { state: 'uploading', progress: 0, error: undefined })
      next()
    },
    remove(key) {
      const item = items.find((one) => one.key === key)
      if (!item) return
      running.get(key)?.abort()
      running.delete(key)
      if (item.attachment && item.state === 'done') takeBack(item.attachment)
      forget(item)
      set(items.filter((one) => one !== item))
      next()
    },
    take() {
      const done = items.flatMap(({ attachment }) => attachment ?? [])
      for (const item of items) forget(item)
      set([])
      return done
    }
  }
}

/** Pictures that every browser shows. */
const shown = /^image\/(?:png|jpeg|gif|webp|avif)$/

function begin(file: File, files: Map<string, File>): Upload {
  const key = crypto.randomUUID()
  files.set(key, file)
  const { name, type, size } = file
  const preview = shown.test(type) ? { preview: URL.createObjectURL(file) } : {}
  return { key, name, type, size, ...preview, state: 'uploading', progress: 0 }
}

function restored(attachment: Attachment, stale: boolean): Upload {
  const { id: key, name, type, size } = attachment
  if (!stale) return { key, name, type, size, state: 'done', progress: 1, attachment }
  return {
    key,
    name,
    type,
    size,
    state: 'failed',
    progress: 0,
    error: new ParleyError({ code: 'file_expired' })
  }
}

/** Each message's files by where it is being written, so that one can look elsewhere meanwhile. */
const all = new WeakMap<Client, Map<string, Uploads>>()

export function uploadsOf(client: Client, place: string): Uploads {
  let ofClient = all.get(client)
  if (!ofClient) all.set(client, (ofClient = new Map<string, Uploads>()))
  let uploads = ofClient.get(place)
  if (!uploads) ofClient.set(place, (uploads = createUploads(client)))
  return uploads
}
