/**
 * What the pages may do. Scripts and styles are files (styles of the element are made by script, which no policy is asked about);
 * pictures and recordings come from the API or are previews of what is about to be sent. `'self'` in connect-src is the sockets too
 * (w3c/webappsec-csp#7: since Firefox 62, Chrome 71, Safari 16). No form is submitted: scripts send what was typed.
 */
const policy = Object.entries({
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' blob:",
  'media-src': "'self' blob:",
  'connect-src': "'self'",
  'manifest-src': "'self'",
  'worker-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'"
})

/** What no page here uses, whoever gets a script into it. */
const denied = ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'usb']

/**
 * The headers that a file of the site is served with, besides those that say what it is. infra/nginx writes the same ones down, and
 * a test holds the two against each other.
 *
 * @example
 * siteHeaders('assets/threads-Bq3.js')['cache-control']
 */
export function siteHeaders(path: string): Record<string, string> {
  const page = path.endsWith('.html')
  return {
    'content-security-policy': policy.map((directive) => directive.join(' ')).join('; '),
    'permissions-policy': denied.map((feature) => `${feature}=()`).join(', '),
    'cross-origin-opener-policy': 'same-origin',
    // The element's files are for pages of any origin, the pages for nobody's.
    'cross-origin-resource-policy': page ? 'same-origin' : 'cross-origin',
    ...(page ? {} : { 'access-control-allow-origin': '*' }),
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    // A name with a hash in it never means anything else.
    'cache-control': path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
  }
}
