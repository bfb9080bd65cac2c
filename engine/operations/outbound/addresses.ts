/**
 * Where requests to the outside may go. What counts is the address that a connection is made to, in its canonical form: public
 * ones are allowed, everything else (this machine, private networks, cloud metadata ...) only where the operator says so.
 */
import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** Networks that the operator opened, each for one port, for every port, or for the usual ones. */
interface Opened {
  readonly network: readonly [Address, number]
  readonly port: number | '*' | null
}

/** What the operator decided about requests to the outside. */
export interface OutboundSettings {
  readonly opened: readonly Opened[]
  /** What a name stands for; absent: what the system says. */
  readonly resolve?: (host: string) => Promise<readonly string[]>
}

/** Ports of the web; others only where the operator named them. */
const usualPorts: ReadonlySet<number> = new Set([80, 443, 8080, 8443])

/**
 * Reads entries like `10.1.0.0/16`, `127.0.0.1:9000`, `[fd00::]/8:*`.
 * @throws Error that names the entry which is none
 */
export function outboundSettings(entries: readonly string[]): OutboundSettings {
  return { opened: entries.map(openedBy) }
}

function openedBy(entry: string): Opened {
  const [, v6, v4, bits, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([\d.]+))(?:\/(\d{1,3}))?(?::(\d{1,5}|\*))?$/.exec(entry) ?? []
  const text = v6 ?? v4
  if (text === undefined || !ipaddr.isValid(text)) throw new Error(`TESSERA_OUTBOUND_ALLOW: "${entry}" is no network such as 10.1.0.0/16, 127.0.0.1:9000 or [fd00::]/8`)
  const address = ipaddr.parse(text)
  const whole = address.kind() === 'ipv4' ? 32 : 128
  const length = bits === undefined ? whole : Number(bits)
  if (length > whole) throw new Error(`TESSERA_OUTBOUND_ALLOW: "${entry}" has too many bits`)
  return { network: [address, length], port: port === undefined ? null : port === '*' ? '*' : Number(port) }
}

/** Why no connection may be made to this address and port, as the end of a sentence; undefined when it may. */
export function objection(text: string, port: number, { opened }: OutboundSettings): string | undefined {
  if (!ipaddr.isValid(text)) return 'it has no address'
  // An IPv4 address inside of an IPv6 one is that IPv4 address.
  const address = ipaddr.process(text)
  const open = opened.filter(({ network: [base, bits] }) => base.kind() === address.kind() && address.match(base as ipaddr.IPv4 & ipaddr.IPv6, bits))
  if (open.some((one) => one.port === port || one.port === '*' || (one.port === null && usualPorts.has(port)))) return undefined
  if (address.range() !== 'unicast') return 'it lies in a network that is not open to workflows'
  return usualPorts.has(port) ? undefined : `port ${String(port)} is not open to workflows`
}
