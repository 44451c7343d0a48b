/** The folder that this file was served from, be it the element's or one of its parts. */
const home = new URL(import.meta.url.replace(/(?:assets\/)?[^/]*$/, ''))

/**
 * Where the messaging center's own pages are, if this is one of them. On anybody else's page there is no service worker to be had: a
 * browser takes one from the page's own origin only, for the addresses below its own.
 */
export function ownSite(): URL | undefined {
  return home.origin === location.origin && location.pathname.startsWith(home.pathname) ? home : undefined
}
