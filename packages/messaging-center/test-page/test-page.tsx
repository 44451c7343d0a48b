import type { User } from '@parley/contracts'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { ChatForm } from './chat-form.tsx'
import { FrameLog } from './frame-log.tsx'
import { whoAmI } from './requests.ts'
import { SendForm } from './send-form.tsx'
import { SignInForm } from './sign-in-form.tsx'
import { SocketTrial, type Trial } from './trial.ts'

const words = { closed: 'Not connected', connecting: 'Connecting …', open: 'Connected' }

/** Log in, pick a chat, connect, send, and see every frame in and out. */
export function TestPage() {
  const [me, setMe] = useState<User>()
  const [trial, setTrial] = useState<Trial>({ status: 'closed', lines: [] })
  const socket = useMemo(() => new SocketTrial(setTrial), [])
  useEffect(() => {
    whoAmI().then(setMe, () => undefined)
    return () => socket.disconnect()
  }, [socket])
  return (
    <main class="test-page">
      <header class="test-row">
        <h1 class="test-fill">Socket test page</h1>
        <p class={`chip test-status test-status-${trial.status}`} role="status">
          {words[trial.status]}
        </p>
      </header>
      <p>
        A chat’s socket by hand, for developers. Addresses and frames are described in{' '}
        <a href="../api/docs/">the API’s documentation</a>; the application itself is{' '}
        <a href="../">the messaging center</a>.
      </p>
      <SignInForm
        me={me}
        onChange={(now) => {
          setMe(now)
          if (!now) socket.disconnect()
        }}
      />
      {me && (
        <>
          <ChatForm
            key={me.id}
            status={trial.status}
            onConnect={(wish) => socket.connect(wish)}
            onDisconnect={() => socket.disconnect()}
          />
          <SendForm
            open={trial.status === 'open'}
            onSay={(text) => socket.say(text)}
            onSendRaw={(text) => socket.sendRaw(text)}
          />
        </>
      )}
      <FrameLog lines={trial.lines} onClear={() => socket.clear()} />
    </main>
  )
}
