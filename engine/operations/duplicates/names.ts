/** How alike two names are, in Latin script, in Chinese, or one in each. Pure. */
import { createRequire } from 'node:module'

import { jaroWinkler } from '@skyra/jaro-winkler'
import type { pinyin } from 'pinyin-pro'

import { fold } from '../../../metadata/contract/text.js'

/** Names from here on count as alike. Measured on the cases of `tests/duplicates/names.test.ts`: different people stay below. */
export const alikeFrom = 0.9

/** An initial stands for a name that begins with it; a word that only one of two names has takes this off. */
const [initial, missing] = [0.92, 0.02]

/** The dictionary of sounds is loaded for the first Chinese name, not at every start. */
let library: { readonly pinyin: typeof pinyin } | undefined
const load = createRequire(import.meta.url)

const han = /\p{Script=Han}/u

/** 1 for the same name, 0 for nothing in common. */
export function nameLikeness(a: string, b: string): number {
  const [first, second] = [spelled(a), spelled(b)]
  if (first.folded === second.folded) return 1
  if (first.words.length === 0 || second.words.length === 0) return 0
  // Syllables are so short that one letter makes another name: what is read from Chinese must sound the same.
  if (first.chinese || second.chinese) return sameLetters(first.words, second.words) ? 0.95 : 0
  return wordsLikeness(first.words, second.words)
}

interface Spelled {
  readonly folded: string
  readonly words: readonly string[]
  readonly chinese: boolean
}

/** The same names are compared with many others one after the other: reading one takes ten times as long as comparing it. */
const spellings = new Map<string, Spelled>()
const spellingsMax = 5_000

function spelled(name: string): Spelled {
  const known = spellings.get(name)
  if (known !== undefined) return known
  if (spellings.size >= spellingsMax) spellings.clear()
  const made = { folded: fold(name), words: wordsOf(name), chinese: han.test(name) }
  spellings.set(name, made)
  return made
}

/** Words, small and without accents; Chinese characters as they are read, without tones, so that variants and homophones are one. */
function wordsOf(name: string): readonly string[] {
  if (han.test(name)) library ??= load('pinyin-pro') as { pinyin: typeof pinyin }
  const read = library !== undefined && han.test(name) ? library.pinyin(name, { toneType: 'none', type: 'array', nonZh: 'consecutive', v: true }).join(' ') : name
  return fold(read).split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
}

/** `Zhang Xiaoming`, `Xiaoming Zhang` and `zhang xiao ming`: the same words in any order, however the syllables are joined. */
function sameLetters(a: readonly string[], b: readonly string[]): boolean {
  const [shorter, longer] = a.length <= b.length ? [a, b] : [b, a]
  const target = shorter.toSorted().join(' ')
  return joinings(longer).some((words) => words.toSorted().join(' ') === target)
}

/** The ways in which a name's syllables stand as family and given name: apart, or all but the first, or but the last, as one. */
function joinings(words: readonly string[]): readonly (readonly string[])[] {
  const [head = '', ...tail] = words
  const last = words.at(-1) ?? ''
  return [words, [head, tail.join('')], [words.slice(0, -1).join(''), last], [words.join('')]]
}

/** Each word of the shorter name finds its most alike in the other one; at least two words, or all of both, must do so. */
function wordsLikeness(a: readonly string[], b: readonly string[]): number {
  const [shorter, longer] = a.length <= b.length ? [a, b] : [b, a]
  if (shorter.length === 1 && longer.length > 1) return jaroWinkler(shorter.join(''), longer.join(''))
  const left = [...longer]
  let sum = 0
  for (const word of shorter.toSorted((x, y) => y.length - x.length)) {
    const scores = left.map((other) => wordLikeness(word, other))
    const best = Math.max(...scores)
    left.splice(scores.indexOf(best), 1)
    // One word that is different is another person, however long the rest is.
    if (best < 0.8) return 0
    sum += best
  }
  return sum / shorter.length - left.length * missing
}

function wordLikeness(a: string, b: string): number {
  if (a === b) return 1
  if (a.length === 1 || b.length === 1) return a.startsWith(b) || b.startsWith(a) ? initial : 0
  return jaroWinkler(a, b)
}
