import { useCenter, useStrings } from '../app/context.ts'
import { useStore } from '../app/use-store.ts'

/** Who is writing, by name where there are few. */
export function TypingText({ ids }: { ids: readonly string[] }) {
  const { t } = useStrings()
  const [first, second, third] = ids
  if (third !== undefined || first === undefined) return <>{t('conversations.manyTyping')}</>
  return second === undefined ? <One id={first} /> : <Two ids={[first, second]} />
}

function One({ id }: { id: string }) {
  const { userOf } = useCenter()
  const { t } = useStrings()
  const user = useStore(userOf(id))
  return <>{user ? t('conversations.typingNamed', { name: user.display_name }) : t('conversations.typing')}</>
}

function Two({ ids: [one, other] }: { ids: [string, string] }) {
  const { userOf } = useCenter()
  const { t, list } = useStrings()
  const users = [useStore(userOf(one)), useStore(userOf(other))]
  const names = users.flatMap((user) => (user ? [user.display_name] : []))
  return (
    <>
      {names.length < 2
        ? t('conversations.manyTyping')
        : t('conversations.twoTyping', { names: list(names) })}
    </>
  )
}
