/** What there is on a form or in a list, in two states of the definitions, and what differs for people who look at them. Pure. */

/** What can be said of a part beside its place and its title. */
export type Aspect = 'type' | 'required' | 'settings' | 'help' | 'condition' | 'look'

export interface Part {
  /** Where it stands in its own state: indexes down a form such as `/0/1`, the path of a column. */
  readonly place: string
  /** The same on both sides for what is the same; '' for a section, which is known by what stands in it. */
  readonly key: string
  readonly title: string
  /** Kind of the section; '' for what stands in sections. */
  readonly section: string
  /** Place of the section around it; '' for none. */
  readonly parent: string
  readonly aspects: Readonly<Partial<Record<Aspect, string>>>
}

export type Kind = 'added' | 'removed' | 'moved' | 'renamed' | 'changed'

/** Of one part; it may have moved and got another title at once. */
export interface Difference {
  readonly kinds: readonly Kind[]
  readonly before: Part | null
  readonly after: Part | null
  readonly aspects: readonly Aspect[]
}

interface Pair {
  readonly before: Part
  readonly after: Part
}

/** What differs, in the order in which it is read afterwards; what is gone follows. What stands in a section that came or went is told by it. */
export function differences(before: readonly Part[], after: readonly Part[]): readonly Difference[] {
  const leaves = pairsOf(numbered(before), numbered(after))
  const pairs = [...leaves, ...sectionPairs(before, after, leaves)]
  const [was, is] = [new Map(pairs.map((pair) => [pair.before, pair])), new Map(pairs.map((pair) => [pair.after, pair]))]
  const moved = movedOf(pairs, before, after)
  const there = after.flatMap((part): readonly Difference[] => {
    const pair = is.get(part)
    if (pair !== undefined) return changesOf(pair, moved.has(pair))
    return standsAlone(part, after, is) ? [{ kinds: ['added'], before: null, after: part, aspects: [] }] : []
  })
  const gone = before.filter((part) => !was.has(part) && standsAlone(part, before, was))
  return [...there, ...gone.map((part): Difference => ({ kinds: ['removed'], before: part, after: null, aspects: [] }))]
}

/** The section around it is on both sides. */
function standsAlone({ parent }: Part, parts: readonly Part[], pairs: ReadonlyMap<Part, Pair>): boolean {
  const around = parts.find(({ place }) => parent !== '' && place === parent)
  return around === undefined || pairs.has(around)
}

function changesOf({ before, after }: Pair, moved: boolean): readonly Difference[] {
  const aspects = ([...new Set([...Object.keys(before.aspects), ...Object.keys(after.aspects)])] as Aspect[]).filter((aspect) => before.aspects[aspect] !== after.aspects[aspect])
  const kinds: readonly Kind[] = [...(moved ? ['moved' as const] : []), ...(before.title === after.title ? [] : ['renamed' as const]), ...(aspects.length === 0 ? [] : ['changed' as const])]
  return kinds.length === 0 ? [] : [{ kinds, before, after, aspects }]
}

/** What is no section by its key; the same field shown twice is the first and the second one. */
function numbered(parts: readonly Part[]): ReadonlyMap<string, Part> {
  const found = new Map<string, Part>()
  for (const part of parts) {
    if (part.section !== '') continue
    let key = part.key
    while (found.has(key)) key += '+'
    found.set(key, part)
  }
  return found
}

const pairsOf = (before: ReadonlyMap<string, Part>, after: ReadonlyMap<string, Part>): readonly Pair[] =>
  [...after].flatMap(([key, part]) => { const was = before.get(key); return was === undefined ? [] : [{ before: was, after: part }] })

/** A section is the one that most of its parts came from; one that has none of them is known by its title. */
function sectionPairs(before: readonly Part[], after: readonly Part[], leaves: readonly Pair[]): readonly Pair[] {
  const candidates = after.filter(({ section }) => section !== '').flatMap((now) => before.filter(({ section }) => section === now.section).map((was) => {
    const shared = leaves.filter((pair) => within(before, pair.before, was) && within(after, pair.after, now)).length
    return { before: was, after: now, weight: shared * 2 + (was.title === now.title ? 1 : 0) }
  }))
  const taken = new Set<Part>()
  return candidates.filter(({ weight }) => weight > 0).toSorted((a, b) => b.weight - a.weight).filter((pair) => {
    if (taken.has(pair.before) || taken.has(pair.after)) return false
    taken.add(pair.before).add(pair.after)
    return true
  })
}

function within(parts: readonly Part[], part: Part, section: Part): boolean {
  if (part.parent === '') return false
  const around = parts.find(({ place }) => place === part.parent)
  return around === section || (around !== undefined && within(parts, around, section))
}

/** Those in another section than before, and among those in the same one the fewest that explain the order. */
function movedOf(pairs: readonly Pair[], before: readonly Part[], after: readonly Part[]): ReadonlySet<Pair> {
  const sections = new Map(pairs.filter(({ after: { section } }) => section !== '').map((pair) => [pair.after.place, pair.before.place]))
  const isStill = ({ before: was, after: now }: Pair): boolean => (now.parent === '' ? '' : sections.get(now.parent)) === was.parent
  const ordered = pairs.toSorted((a, b) => after.indexOf(a.after) - after.indexOf(b.after))
  const still = ordered.filter(isStill)
  const kept = [...new Set(still.map((pair) => pair.after.parent))].flatMap((parent) => longestRising(still.filter((pair) => pair.after.parent === parent), (pair) => before.indexOf(pair.before)))
  return new Set(pairs.filter((pair) => !kept.includes(pair)))
}

/** The longest part of a list, with gaps, in which a number rises. */
function longestRising<Item>(items: readonly Item[], of: (item: Item) => number): readonly Item[] {
  const best: (readonly Item[])[] = []
  for (const item of items) {
    const before = best.filter((run) => of(run.at(-1) ?? item) < of(item))
    best.push([...before.reduce<readonly Item[]>((longest, run) => (run.length > longest.length ? run : longest), []), item])
  }
  return best.reduce<readonly Item[]>((longest, run) => (run.length > longest.length ? run : longest), [])
}
