import type { Client } from '@parley/client'
import { useEffect, useState } from 'preact/hooks'
import { useCenter } from '../app/context.ts'

export interface FileUrl {
  url?: string
  failed: boolean
}

export type Part = 'file' | 'thumbnail'

/** The address of a file for an element that shows it. With a cookie the browser fetches it by itself; a token only the client has. */
export function useFileUrl(attachment_id: string, part: Part, wanted = true): FileUrl {
  const { client, cookie } = useCenter()
  const [made, setMade] = useState<FileUrl>({ failed: false })
  useEffect(() => {
    if (cookie || !wanted) return
    let url: string | undefined
    const over = new AbortController()
    fetchFile(client, attachment_id, part, over.signal).then(
      (blob) => {
        if (!over.signal.aborted) setMade({ url: (url = URL.createObjectURL(blob)), failed: false })
      },
      () => setMade({ failed: !over.signal.aborted })
    )
    return () => {
      over.abort()
      if (url) URL.revokeObjectURL(url)
    }
  }, [client, cookie, attachment_id, part, wanted])
  return cookie ? { url: addressOf(attachment_id, part), failed: false } : made
}

/** Gives the browser a file to save. */
export async function saveFile(client: Client, { id, name }: { id: string; name: string }): Promise<void> {
  const url = URL.createObjectURL(await fetchFile(client, id, 'file'))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}

/** Below the page's own origin. */
export function addressOf(attachment_id: string, part: Part): string {
  return `/messaging/api/attachments/${attachment_id}/${part === 'thumbnail' ? 'thumbnail/' : ''}`
}

async function fetchFile(
  client: Client,
  attachment_id: string,
  part: Part,
  signal?: AbortSignal
): Promise<Blob> {
  const options = { timeout_ms: Infinity, ...(signal ? { signal } : {}) }
  const response = await (part === 'thumbnail'
    ? client.rest('GET attachments/{attachment_id}/thumbnail/', { attachment_id }, options)
    : client.rest('GET attachments/{attachment_id}/', { attachment_id }, options))
  return await response.blob()
}
