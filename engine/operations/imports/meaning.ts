/** What a heading or the name of a field means: the same for names that differ only in how people write. Pure. */
import { idleWords, sameWords } from './usual-words.js'

/** Without what people write differently: case, spaces, punctuation. */
export const plain = (name: string): string => name.normalize('NFKC').toLowerCase().replace(/[\s_./\-–—:：*（）()]+/g, '')

const first = new Map(sameWords.flatMap((words) => words.map((word) => [plain(word), plain(words[0] ?? '')])))
const [before, after] = [idleWords.before.map(plain), idleWords.after.map(plain)]

/**
 * One word for all that mean the same: the first of their line, else the name without idle words around it.
 * @param own what the records themselves are called: `Member name` of a member is its name
 */
export function meaningOf(name: string, own: readonly string[]): string {
  const leading = [...own.map(plain), ...before].filter((word) => word !== '').toSorted((a, b) => b.length - a.length)
  for (let rest = plain(name); ; ) {
    const known = first.get(rest)
    if (known !== undefined) return known
    const shorter = without(rest, leading)
    if (shorter === rest) return rest
    rest = shorter
  }
}

/** One idle word less; a name is never taken away whole. */
function without(name: string, leading: readonly string[]): string {
  const start = leading.find((word) => name.length > word.length && name.startsWith(word))
  if (start !== undefined) return name.slice(start.length)
  const end = after.find((word) => name.length > word.length && name.endsWith(word))
  return end === undefined ? name : name.slice(0, -end.length)
}
