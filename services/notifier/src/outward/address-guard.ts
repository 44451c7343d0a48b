import { lookup as resolve } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** Nobody's business outside: this host, private networks, link-local (cloud metadata), carrier NAT, documentation, multicast … */
const INTERNAL_4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4'
]
/** Everything that is not global unicast, and the parts of it that lead elsewhere: Teredo, documentation, 6to4. */
const INTERNAL_6 = ['::/3', '4000::/2', '8000::/1', '2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

const names: Record<string, string[]> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']
}

/** An address that must not be called. */
export class InternalAddress extends Error {
  constructor(address: string) {
    super(`${address} is an internal address`)
    this.name = 'InternalAddress'
  }
}

/**
 * Says which addresses may be called: all that are public, and the networks that are allowed by name. The connection is made to the
 * very address that was judged: a name that resolves to another one a moment later gains nothing.
 *
 * @example
 * const guard = new AddressGuard(['10.1.0.0/16'])
 * guard.check('https://hooks.example.org/') // throws InternalAddress for a literal internal address
 * request(url, { lookup: guard.lookup })
 */
export class AddressGuard {
  readonly #internal = new Networks([...INTERNAL_4, ...INTERNAL_6])
  readonly #allowed: Networks

  constructor(allowed: readonly string[] = []) {
    this.#allowed = new Networks(allowed.flatMap((network) => names[network] ?? [network]))
  }

  /** A literal address is never looked up, so it is judged here. */
  check(url: URL): void {
    const host = url.hostname.replace(/^\[|\]$/g, '')
    if (isIP(host) && !this.mayCall(host)) throw new InternalAddress(host)
  }

  /** For `net.connect`: one internal address among several is enough to refuse them all. */
  readonly lookup: LookupFunction = (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '')
      const internal = addresses.find(({ address }) => !this.mayCall(address))
      const [first] = addresses
      if (internal || !first) return callback(new InternalAddress(internal?.address ?? host), '')
      if (options.all) return callback(null, addresses)
      callback(null, first.address, first.family)
    })
  }

  mayCall(address: string): boolean {
    const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
    return this.#allowed.has(plain) || !this.#internal.has(plain)
  }
}

/** Networks of both kinds, apart: a `BlockList` finds IPv4 addresses in the IPv6 networks around `::ffff:0:0/96`. */
class Networks {
  readonly #lists = { ipv4: new BlockList(), ipv6: new BlockList() }

  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const [address = '', bits] = network.split('/')
      const family = familyOf(address)
      if (bits === undefined) this.#lists[family].addAddress(address, family)
      else this.#lists[family].addSubnet(address, Number(bits), family)
    }
  }

  has(address: string): boolean {
    const family = familyOf(address)
    return this.#lists[family].check(address, family)
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}
