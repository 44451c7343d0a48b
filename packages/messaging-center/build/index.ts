/**
 * Builds the messaging center into static files, unless it is built from the same sources already, and knows the headers they are
 * to be served with.
 *
 * @example
 * const folder = await buildMessagingCenter()   // index.html and what it loads, to be served under /messaging/
 * reply.headers(siteHeaders('index.html'))
 */
export { buildMessagingCenter } from './build-once.ts'
export { siteHeaders } from './site-headers.ts'
