/** What has the focus in the tree that this is part of, which within an element is not the document. */
export function focusedIn(element: Element): HTMLElement | undefined {
  const root = element.getRootNode()
  const active = root instanceof ShadowRoot || root instanceof Document ? root.activeElement : null
  return active instanceof HTMLElement ? active : undefined
}

/** Neither it nor anything around it is left out by the styles. */
export function isShown(element: Element): boolean {
  return element.getClientRects().length > 0
}

/**
 * Keeps the focus near something that is about to go: on what it is in, once it is gone and so is a dialog that asked for it.
 *
 * @example keepFocus(event.currentTarget.closest('section'))
 */
export function keepFocus(around: HTMLElement | null | undefined): void {
  if (!around) return
  requestAnimationFrame(() => {
    if (!around.isConnected) return
    around.tabIndex = -1
    around.focus({ preventScroll: true })
  })
}
