/** Q1 to Q4: how long one person waits for what a text finds among 100,000 members, text by text: whole names, single letters, numbers, addresses, nothing. */
import type { Client } from '../support/client.js'
import { median } from './table.js'
import { phoneOf } from './seed.js'

/** What people type; names are those of the seed. Rare, frequent and in every record; of one character, of several words, of none. */
export const texts: readonly string[] = [
  'a', 'm', 'z', '1', '9', '张', 'ma', 'an', 'zz', '00', '+1', 'mar', 'nor', 'ber', 'example', 'example.com', 'member1', 'member99', '@example.com', 'com',
  'Maria', 'Maria Norbridge', 'norbridge maria', 'Maria Nor', 'bridge', 'ridge', 'Karen Underwood', 'underwood', 'wood', 'james k', 'a b', 'm 9', '5 9', 'mar 2', 'shaw 0', 'marsh 2', 'leo oak 1', 'grace hartley 2n9c', '2n9c',
  '+1213', '+12000', '000000', '2000000', phoneOf(77_777), phoneOf(77_777).slice(2), '077777', 'member77777@example.com', '77777', 'harbor', 'Xavier', 'qqq', '张伟', 'maria@', 'no such person', 'julia thornvale', 'ivan  quinstone', 'b', 'be', 'bet', 'beth', 'beth a',
]

export interface SearchTimes {
  readonly mean: number
  readonly p95: number
  /** The slowest texts, worst first. */
  readonly worst: readonly { readonly text: string; readonly milliseconds: number }[]
}

const repeats = 7

/**
 * Asks each text a few times, one question after the other, and takes the median of each.
 * @param path what stands before the text in the address
 */
export async function searchTimes(caller: Client, path: string): Promise<SearchTimes> {
  const times: { text: string; milliseconds: number }[] = []
  for (const text of texts) {
    const taken: number[] = []
    for (let i = 0; i < repeats; i++) {
      const begin = performance.now()
      const { status, text: answer } = await caller.get(`${path}${encodeURIComponent(text)}`)
      if (status !== 200) throw new Error(`search of ${text}: ${String(status)} ${answer}`)
      taken.push(performance.now() - begin)
    }
    times.push({ text, milliseconds: median(taken) })
  }
  const worst = times.toSorted((a, b) => b.milliseconds - a.milliseconds)
  return { mean: times.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / times.length, p95: worst[Math.floor(times.length * 0.05)]?.milliseconds ?? 0, worst }
}
