import { useState } from 'preact/hooks'

/** Something that takes a while and may fail: whether it is under way, and what went wrong last. */
export function useAction() {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string>()
  const run = async (work: () => Promise<void>) => {
    setBusy(true)
    setError(undefined)
    try {
      await work()
    } catch (failure) {
      setError(
        failure instanceof TypeError ? 'The server cannot be reached.' : String(Object(failure).message)
      )
    } finally {
      setBusy(false)
    }
  }
  return { busy, error, run }
}
