import { isIPv4 } from 'node:net'

/**
 * What one person's connections have in common: an IPv4 address, or the first half of an IPv6 address, which one household
 * gets whole. Example: `throttleAddress('2001:db8::1')` is `'2001:db8:0:0'`.
 */
export function throttleAddress(address: string): string {
  const mapped = /^::ffff:(?=\d+\.)/i.test(address) ? address.slice(7) : address
  if (isIPv4(mapped)) return mapped
  const [head = '', tail] = address.split('%', 1)[0]?.split('::') ?? []
  const groups = head === '' ? [] : head.split(':')
  const after = tail ? tail.split(':') : []
  if (tail !== undefined) while (groups.length + after.length < 8) groups.push('0')
  return [...groups, ...after]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, '').toLowerCase())
    .join(':')
}
