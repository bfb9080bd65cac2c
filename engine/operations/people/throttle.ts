/**
 * Limits attempts per key: a bucket that holds `limit` attempts and refills evenly. In memory, bounded. Time is counted
 * by the process, so that a clock that is set, forward or back, gives nobody more attempts and locks nobody out.
 */

export interface Throttle {
  /** Takes one attempt for the key. Seconds to wait when there is none left, else 0. */
  take(key: string): number
  /** Gives one attempt back: it was a good one. */
  giveBack(key: string): void
}

/** Keys that are remembered at once; the one that was used longest ago is forgotten first. */
const maxKeys = 50_000

/** `limit` attempts at once, then one more every `refillSeconds`. */
export function throttle(limit: number, refillSeconds: number, milliseconds: () => number = () => performance.now()): Throttle {
  const buckets = new Map<string, { left: number; at: number }>()
  return {
    take(key) {
      const now = milliseconds()
      const known = buckets.get(key)
      const refilled = known === undefined ? limit : Math.min(limit, known.left + (now - known.at) / (refillSeconds * 1000))
      const left = refilled >= 1 ? refilled - 1 : refilled
      buckets.delete(key)
      buckets.set(key, { left, at: now })
      forgetOldest(buckets)
      return refilled >= 1 ? 0 : Math.max(1, Math.ceil((1 - refilled) * refillSeconds))
    },
    giveBack(key) {
      const known = buckets.get(key)
      if (known !== undefined) known.left = Math.min(limit, known.left + 1)
    },
  }
}

function forgetOldest(buckets: Map<string, unknown>): void {
  if (buckets.size <= maxKeys) return
  for (const key of buckets.keys()) {
    buckets.delete(key)
    return
  }
}

/** An address as a throttle key: an IPv6 client owns its whole /64, so that is what counts; IPv4-mapped is IPv4. */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  if (!address.includes(':')) return address
  const [head = '', tail = ''] = address.toLowerCase().split('%')[0]?.split('::') ?? []
  const left = head === '' ? [] : head.split(':')
  const right = tail === '' ? [] : tail.split(':')
  const zeros = address.includes('::') ? Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0') : []
  return [...left, ...zeros, ...right].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, '')).join(':')
}
