/** Puts a text on the clipboard, also in a page that is not secure, where there is no other way than the old one. Rejects where it cannot be. */
export async function copyText(text: string): Promise<void> {
  if (globalThis.navigator.clipboard) return navigator.clipboard.writeText(text)
  const copy = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text)
    event.preventDefault()
    event.stopImmediatePropagation()
  }
  document.addEventListener('copy', copy, { capture: true, once: true })
  const done = document.execCommand('copy')
  document.removeEventListener('copy', copy, { capture: true })
  if (!done) throw new Error('the clipboard is not to be had')
}
