import { ownRegistration } from './push.ts'

interface Shown {
  tag: string
  conversation_id?: string
  seq?: number
}

/** Takes notifications back that this browser shows. */
export async function closeShown(which: (shown: Shown) => boolean): Promise<void> {
  const registration = await ownRegistration()
  for (const one of (await registration?.getNotifications()) ?? [])
    if (which({ ...(Object(one.data) as Omit<Shown, 'tag'>), tag: one.tag })) one.close()
}
