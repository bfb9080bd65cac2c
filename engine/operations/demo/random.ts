/** Seeded chance: the same key gives the same numbers on every machine and in every order of loading. */

/** A stream of chances of its own for each key. */
export interface Random {
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number
  /** One of the entries. */
  pick<T>(entries: readonly [T, ...T[]]): T
  /** True in `share` (0 to 1) of the cases. */
  chance(share: number): boolean
}

/** Chances that depend on `key` alone. */
export function randomOf(key: string): Random {
  let state = hash(key)
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0
    return mix(state) / 0x1_0000_0000
  }
  return {
    between: (from, to) => from + Math.floor(next() * (to - from + 1)),
    pick: (entries) => entries[Math.floor(next() * entries.length)] ?? entries[0],
    chance: (share) => next() < share,
  }
}

/** FNV-1a over UTF-16 units, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value >>> 0
}

/** Spreads a counter over 32 bits (the finaliser of MurmurHash3). */
function mix(value: number): number {
  let z = value
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
  return (z ^ (z >>> 16)) >>> 0
}
