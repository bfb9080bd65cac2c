/**
 * Free text → SQL. SQLite asks the trigram table of the entity, PostgreSQL the columns, which indexes of trigrams and of
 * characters serve. A record fits in one of five ranks; each is a condition of its own, so that the best of very
 * many are found without looking at the others.
 */
import type { Entity, Field } from '../../model/model.js'
import type { Predicate, Search } from '../../model/conditions/predicate.js'
import { quote } from '../dialect.js'
import { charactersOf, edges, needsCharacters, searchColumns, searchTable, trigramTable } from '../tables/search.js'
import type { Binder, Scope, Writer } from './statement.js'

/** Best first: the title is the text, begins with it, has a word that does, has it anywhere; all words stand somewhere in the record. */
export const ranks = ['exact', 'prefix', 'word', 'inside', 'elsewhere'] as const
export type Rank = (typeof ranks)[number]

/** Where a record has the text: a rank, anywhere at all, or somewhere in its title. */
export type Standing = Rank | 'anywhere' | 'titled'

/** Ranks that records can have: without a title that everybody sees there is nothing to rank by. */
export const ranksOf = (search: Search): readonly Rank[] => (search.title === null ? ['elsewhere'] : isInTitleOnly(search) ? ranks.filter((rank) => rank !== 'elsewhere') : ranks)

/** True for one word that is looked for in the title alone: whoever has it anywhere has it there. */
export const isInTitleOnly = ({ title, terms, phrase, fields }: Search): boolean => title !== null && terms.length === 1 && terms[0] === phrase && fields.every(({ field }) => field === title)

/** Writes the condition for where a field is visible. */
type See = (visible: Predicate) => string

/** The column holds the text. */
export function contains(w: Writer, name: string, bound: Binder): string {
  if (w.dialect === 'sqlite') return `instr(${name}, ${w.bound(bound)}) > 0`
  return `${name} LIKE ${w.bound((bindings, args) => like('%', bound(bindings, args), '%'))}`
}

/** The column holds the word, of several that stand in a line each. None is empty. */
export function hasWord(w: Writer, name: string, bound: Binder): string {
  const line = w.bound((bindings, args) => {
    const word = bound(bindings, args)
    return typeof word === 'string' && word !== '' ? `\n${word}\n` : null
  })
  return w.dialect === 'sqlite' ? `instr(char(10) || ${name} || char(10), ${line}) > 0` : `strpos(chr(10) || ${name} || chr(10), ${line}) > 0`
}

/**
 * PostgreSQL: the value is the text, begins with it, or holds it. A text without trigrams is asked for by its characters: the server
 * knows how often each occurs, and reads either their index or the records from the newest on. Never by a pattern
 * then, for which a trigram index would be read from end to end.
 */
function fitting(w: Writer, name: string, how: 'is' | 'begins' | 'holds', text: string): string {
  // Equality asks the order of the title, where it has one: a pattern would go through all that have its trigrams.
  if (!needsCharacters(text)) return how === 'is' ? `${name} = ${w.value(text)}` : `${name} LIKE ${w.value(like(how === 'holds' ? '%' : '', text, '%'))}`
  const value = w.value(text)
  const condition = { is: `${name} = ${value}`, begins: `starts_with(${name}, ${value})`, holds: `strpos(${name}, ${value}) > 0` }[how]
  return `(${condition} AND ${charactersOf(name)} @> ${w.value([...new Set(text)])}::text[])`
}

/** A pattern with the text's own wildcards made harmless. */
const like = (before: string, text: unknown, after: string): string | null => (typeof text === 'string' ? `${before}${text.replace(/[\\%_]/g, '\\$&')}${after}` : null)

/** The first text, by code points, behind every text that starts with `prefix`; undefined when there is none. */
export function firstBehind(prefix: string): string | undefined {
  const points = [...prefix]
  while (points.length > 0) {
    const last = points.pop()?.codePointAt(0) ?? 0
    if (last === 0x10ffff) continue
    return points.join('') + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1)
  }
  return undefined
}

/** True for records that have the text, whatever their rank: as one condition among others. */
export function searchCondition(w: Writer, search: Search, scope: Scope, see: See): string {
  if (search.fields.length === 0) return 'FALSE'
  if (w.dialect === 'postgres') return everyWord(w, search, scope, see)
  const indexed = (): string => `(${scope.alias}.id IN (SELECT rowid FROM ${indexHits(w, search, 'anywhere', scope.entity)}) AND ${unindexed(w, search, 'anywhere', scope, see)})`
  return areCharacters(search) ? `CASE WHEN ${areFrequent(w, search, scope.entity)} THEN ${everyWord(w, search, scope, see)} ELSE ${indexed()} END` : indexed()
}

/** The rank of a record that has the text, as an expression; its number is the place in `ranks`. */
export function rankSql(w: Writer, { title, phrase }: Search, scope: Scope): string {
  const elsewhere = String(ranks.indexOf('elsewhere'))
  if (title === null) return elsewhere
  const name = `${scope.alias}.${quote(foldColumn(title))}`
  const begins = (): string => (w.dialect === 'sqlite' ? `instr(${name}, ${w.value(phrase)}) = 1` : `starts_with(${name}, ${w.value(phrase)})`)
  const holds = (text: string): string => contains(w, name, () => text)
  return `CASE WHEN ${name} = ${w.value(phrase)} THEN 0 WHEN ${begins()} THEN 1 WHEN ${holds(` ${phrase}`)} THEN 2 WHEN ${holds(phrase)} THEN 3 ELSE ${elsewhere} END`
}

/** FROM, what must hold, and the order in which the newest come first. Written in this order. */
export interface Source {
  readonly from: string
  condition(see: See): string
  readonly newestFirst: string
}

/** The records of one standing. SQLite reads them from the index one by one, as many as are taken. @param unless expression: where it is true there are none */
export function searchSource(w: Writer, search: Search, standing: Standing, scope: Scope, unless?: () => string): Source {
  const table = `${quote(scope.entity.table)} ${scope.alias}`
  if (search.fields.length === 0) return { from: table, condition: () => 'FALSE', newestFirst: `${scope.alias}.id DESC` }
  if (w.dialect === 'postgres') return { from: table, condition: (see) => likeRank(w, search, standing, scope, see), newestFirst: `${scope.alias}.id DESC` }
  const index = quote(searchTable(scope.entity.table))
  return {
    from: `${index} CROSS JOIN ${table} ON ${scope.alias}.id = ${index}.rowid`,
    condition: (see) => `${matches(w, search, standing, scope.entity, unless)} AND ${unindexed(w, search, standing, scope, see)}`,
    newestFirst: `${index}.rowid DESC`,
  }
}

/** All records that have the text, in no order: of characters that stand alone the records are looked at where the index would be slower. */
export const allFound = (w: Writer, search: Search, scope: Scope): Omit<Source, 'newestFirst'> =>
  w.dialect === 'sqlite' && areCharacters(search) ? { from: `${quote(scope.entity.table)} ${scope.alias}`, condition: (see) => searchCondition(w, search, scope, see) } : searchSource(w, search, 'anywhere', scope)

const foldColumn = (field: Field): string => field.columns.find(({ role }) => role === 'fold')?.name ?? field.columns[0]?.name ?? ''

/**
 * Each word in a field that the caller sees on that very record: no record is found through a hidden value.
 * @param by how it is asked for: so that PostgreSQL finds an index for it, or with the least work for a record that is looked at itself
 */
export function everyWord(w: Writer, { terms, fields }: Search, scope: Scope, see: See, by: 'index' | 'look' = 'index'): string {
  const words = terms.map((term) => {
    const places = fields.map(({ field, visible }) => {
      const seen = visible === undefined ? '' : `${see(visible)} AND `
      const name = `${scope.alias}.${quote(foldColumn(field))}`
      return `(${seen}${w.dialect === 'sqlite' || by === 'look' ? contains(w, name, () => term) : fitting(w, name, 'holds', term)})`
    })
    return `(${places.join(' OR ')})`
  })
  return words.length === 0 ? 'TRUE' : `(${words.join(' AND ')})`
}

/** The standing of a record that is looked at itself; every word of the text stands in it. */
export const nearby = (w: Writer, search: Search, standing: Standing, scope: Scope, see: See): string =>
  `${everyWord(w, search, scope, see)}${standing === 'anywhere' || standing === 'titled' || search.title === null ? '' : ` AND ${rankSql(w, search, scope)} = ${String(ranks.indexOf(standing))}`}`

/** The rank of a record that is looked at itself, as an expression; NULL when it lacks the text. */
export const lookedRank = (w: Writer, search: Search, scope: Scope, see: See): string =>
  `CASE WHEN ${search.fields.length === 0 ? 'FALSE' : everyWord(w, search, scope, see, 'look')} THEN ${rankSql(w, search, scope)} END`

// ── PostgreSQL ──

function likeRank(w: Writer, search: Search, standing: Standing, scope: Scope, see: See): string {
  const { title, phrase } = search
  if (title === null || standing === 'anywhere') return everyWord(w, search, scope, see)
  const name = `${scope.alias}.${quote(foldColumn(title))}`
  const is = (how: 'is' | 'begins' | 'holds', text = phrase): string => fitting(w, name, how, text)
  const isNot = (before: string, after: string): string => `(${name} LIKE ${w.value(like(before, phrase, after))}) IS NOT TRUE`
  switch (standing) {
    case 'titled':
      return is('holds')
    case 'exact':
      return is('is')
    case 'prefix':
      return `${is('begins')} AND ${isNot('', '')}`
    case 'word':
      return `${is('holds', ` ${phrase}`)} AND ${isNot('', '%')}`
    case 'inside':
      return `${is('holds')} AND ${isNot('', '%')} AND ${isNot('% ', '%')}`
    case 'elsewhere':
      return `${everyWord(w, search, scope, see)} AND ${isNot('%', '%')}`
  }
}

// ── SQLite's trigram table ──

/** A piece of an FTS5 query: its text, or a text too short for a trigram, which stands for all trigrams that begin with it. */
type Piece = string | { readonly start: string }

const trigram = 3

/** A word too short for a trigram stands for all that begin with it: hundreds, and nearly every record has some, where it is not of a large script. */
export const standsForMany = (term: string): boolean => /^[\0-\x7f]{1,2}$/.test(term) // eslint-disable-line no-control-regex

/** What the index is asked for: beside longer words, short ones are cheaper looked for in the records that have those. */
export function indexedTerms({ terms }: Search): readonly string[] {
  const longer = terms.filter((term) => !standsForMany(term))
  return longer.length === 0 ? terms : longer
}

/** True for a text of ASCII characters that stand alone, such as `m 9`: most of them stand for over a thousand trigrams. */
export const areCharacters = (search: Search): boolean => indexedTerms(search).every((term) => /^[\0-\x7f]$/.test(term)) // eslint-disable-line no-control-regex

/** A character that stands for more trigrams is in so many records that these are looked through sooner than the index. */
const rareMost = 50

/** Whether each of the characters of a text is in many records, as an expression: whoever finds the records looks at them, else at the index. */
export const areFrequent = (w: Writer, search: Search, entity: Entity): string =>
  `(${indexedTerms(search).map((term) => `(SELECT count(*) FROM (SELECT 1 FROM ${trigramsOf(w, entity, term)} LIMIT ${String(rareMost + 1)})) > ${String(rareMost)}`).join(' AND ')})`

/** FROM and WHERE for all that the index has of one standing; some may have to be looked at themselves (`unindexed`). */
export function indexHits(w: Writer, search: Search, standing: Standing, entity: Entity): string {
  return `${quote(searchTable(entity.table))} WHERE ${matches(w, search, standing, entity)}`
}

function matches(w: Writer, search: Search, standing: Standing, entity: Entity, unless?: () => string): string {
  const text = (): string => matchText(w, entity, rankText(search, standing, entity))
  return `${quote(searchTable(entity.table))} MATCH ${unless === undefined ? text() : `CASE WHEN ${unless()} THEN ${w.value(nowhere)} ELSE ${text()} END`}`
}

/** What the index does not tell of the records that it has: whether the caller sees the fields with the words, and whether short words are there. */
export function unindexed(w: Writer, search: Search, standing: Standing, scope: Scope, see: See): string {
  if (search.title !== null && standing !== 'anywhere' && standing !== 'elsewhere') return 'TRUE' // the title, which everybody sees, has the whole text
  const known = search.fields.every(({ visible }) => visible === undefined) ? indexedTerms(search) : []
  return everyWord(w, { ...search, terms: search.terms.filter((term) => !known.includes(term)) }, scope, see)
}

/** The text stands in a column. It is a phrase, so none of its characters has a meaning. */
const phraseOf = (text: string): readonly Piece[] => ([...text].length < trigram ? ['(', { start: text }, ')'] : [quoted(text)])
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`

const inColumns = (columns: readonly string[], query: readonly Piece[]): readonly Piece[] => [`({${columns.map((name) => `"${name}"`).join(' ')}} : (`, ...query, '))']
const not = (query: readonly Piece[], ...others: readonly (readonly Piece[])[]): readonly Piece[] => ['(', ...query, ...others.flatMap((other) => [' NOT ', ...other]), ')']

/** Every word in some column that the caller may see. */
function wholeText(search: Search, entity: Entity): readonly Piece[] {
  const columns = search.fields.map(({ field }) => foldColumn(field))
  const words = indexedTerms(search).flatMap((term, i) => [...(i === 0 ? [] : [' AND ']), ...phraseOf(term)])
  return columns.length === searchColumns(entity).length ? ['(', ...words, ')'] : inColumns(columns, words)
}

function rankText(search: Search, standing: Standing, entity: Entity): readonly Piece[] {
  const { title, phrase } = search
  if (title === null || standing === 'anywhere') return wholeText(search, entity)
  const inTitle = (text: string): readonly Piece[] => inColumns([foldColumn(title)], phraseOf(text))
  const exact = inTitle(`${edges.start}${phrase}${edges.end}`)
  const prefix = inTitle(`${edges.start}${phrase}`)
  const word = inTitle(` ${phrase}`)
  switch (standing) {
    case 'titled':
      return inTitle(phrase)
    case 'exact':
      return exact
    case 'prefix':
      return not(prefix, exact)
    case 'word':
      return not(word, prefix)
    case 'inside':
      return not(inTitle(phrase), prefix, word)
    case 'elsewhere':
      return not(wholeText(search, entity), inTitle(phrase))
  }
}

/** No value has it: stands for a text that begins no trigram. */
const nowhere = quoted('\u0001\u0001\u0001')

/** The query as an SQL expression. */
function matchText(w: Writer, entity: Entity, pieces: readonly Piece[]): string {
  const parts: string[] = []
  let text = ''
  const flush = (): void => void (text !== '' && parts.push(w.value(text)), (text = ''))
  for (const piece of pieces) {
    if (typeof piece === 'string') text += piece
    else {
      flush()
      parts.push(trigramsFrom(w, entity, piece.start))
    }
  }
  flush()
  return `(${parts.join(' || ')})`
}

function trigramsFrom(w: Writer, entity: Entity, start: string): string {
  const either = `group_concat('"' || replace(term, '"', '""') || '"', ' OR ')`
  return `(SELECT coalesce(${either}, ${w.value(nowhere)}) FROM ${trigramsOf(w, entity, start)})`
}

function trigramsOf(w: Writer, entity: Entity, start: string): string {
  const end = firstBehind(start)
  return `${quote(trigramTable(entity.table))} WHERE term >= ${w.value(start)}${end === undefined ? '' : ` AND term < ${w.value(end)}`}`
}
