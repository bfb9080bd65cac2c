/**
 * Pairs that may be the same are kept, so that their list opens at once: a search through all records for each rule, in the
 * background, and after every change a look at what the changed records agree with. Kept is what the engine sees; a person
 * is shown what they may read, compared anew (`pairs.ts`), so a pair that is out of date is never told.
 */
import { createHash } from 'node:crypto'
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import type { DuplicateRule, Entity, Model } from '../../model/model.js'
import { everything, type Predicate } from '../../model/conditions/predicate.js'
import { latestPosition, since, type Change } from '../../storage/changes.js'
import type { Database, Executor } from '../../storage/contract.js'
import { addCandidates, advanceSearch, beginSearches, dropCandidates, endSearches, followedTo, followTo, searchAgain, searchAnew, searches, searchesGoing, type Candidate, type Search } from '../../storage/own/candidates.js'
import { pairOf } from '../../storage/own/distinct.js'
import * as records from '../../storage/records.js'
import { bindingsOf, systemActor, type Engine } from '../call.js'
import { idOf, type Rec } from '../records/row.js'
import { idIn, systemField } from '../rights/rights.js'
import { assertInForce } from '../unit.js'
import { agreeingWith, groupsAfter, type Compared } from './alike.js'
import { fieldsOf, keyOf, likeness } from './rules.js'

/** Pairs that are kept of one record and rule: who has more has a value that says nothing. */
const perRecord = 20
/** Changes that are followed in one unit. */
const changesInUnit = 5_000
/** When more records changed, as by an import, searching all anew in their order is faster than looking at each. */
const lookedAtOnce = 500
/** Changed when pairs are found in another way, so that all are searched again. */
const method = 1

/** A rule whose pairs are kept. */
export interface KeptRule {
  readonly name: string
  readonly entity: Entity
  readonly rule: DuplicateRule
}

/** The rules of a model by name. */
export function keptRules(model: Model): ReadonlyMap<string, KeptRule> {
  let kept = known.get(model)
  if (kept === undefined) {
    kept = new Map([...model.entities.values()].flatMap((entity) => entity.duplicates.map((rule) => [nameOf(entity, rule), { name: nameOf(entity, rule), entity, rule }] as const)))
    known.set(model, kept)
  }
  return kept
}
const known = new WeakMap<Model, ReadonlyMap<string, KeptRule>>()

/** The same as long as the same is compared in the same way. */
export function nameOf(entity: Entity, { exact, fuzzy }: DuplicateRule): string {
  const compared = [exact, fuzzy].map((fields) => fields.map(({ id, type, options }): Json => [id, type.name, options]))
  return `${entity.id}:${createHash('sha256').update(JSON.stringify([method, ...compared])).digest('hex').slice(0, 16)}`
}

/** What is left after a step: `nothing`; `more`, which may go on at once; `later`: very many records are changing, as by an import, and to search through all before they rest would be for nothing. */
export type Left = 'nothing' | 'more' | 'later'

/** One step for the changes and one for each search. @throws ModelMoved */
export async function keepUp(engine: Engine): Promise<Left> {
  const model = engine.current.get()
  if (reconciled.get(engine.database) !== model) await reconcile(engine, model)
  reconciled.set(engine.database, model)
  const left = await follow(engine, model)
  if (left !== 'nothing') return left
  const going = await searchesGoing(engine.database.read)
  for (const search of going) await searchOn(engine, model, search)
  return going.length > 0 ? 'more' : 'nothing'
}
/** Of which model the rules are those that are searched for: nobody else may change them while it is in force. */
const reconciled = new WeakMap<Database, Model>()

/** Adds rules that are new and forgets others. */
async function reconcile(engine: Engine, model: Model): Promise<void> {
  const rules = keptRules(model)
  const found = await searches(engine.database.read)
  const names = new Set(found.map(({ rule }) => rule))
  const added = [...rules.keys()].filter((rule) => !names.has(rule))
  const gone = [...names].filter((rule) => !rules.has(rule))
  if (added.length + gone.length === 0) return
  // What changes while a search goes on is followed from here.
  if ((await followedTo(engine.database.read)) === null) {
    const position = await latestPosition(engine.database.read)
    await engine.database.write((tx) => followTo(tx, null, position))
  }
  await engine.database.write(async (tx) => {
    await assertInForce(tx, model)
    await beginSearches(tx, added)
    await endSearches(tx, gone)
  })
}

/** The next groups of one search. They are only added: what changes meanwhile, the changes tell. */
async function searchOn(engine: Engine, model: Model, search: Search): Promise<void> {
  const kept = keptRules(model).get(search.rule)
  if (kept === undefined || search.place === null) return
  const { groups, next, looked } = await groupsAfter(engine.database.long, compared(kept, everything), kept.rule, search.place)
  const found = new Candidates(kept.rule)
  for (const group of groups) for (const [i, record] of group.entries()) found.add(record, group.slice(i + 1))
  await engine.database.write(async (tx) => {
    await assertInForce(tx, model)
    if (await advanceSearch(tx, search, { place: next, looked: search.looked + looked })) await addCandidates(tx, search.rule, found.all())
  })
}

interface Looked {
  readonly name: string
  /** Records that may have pairs which are none any more. */
  readonly stale: readonly number[]
  /** Their pairs now, and those of new records; null: too many to look at. */
  readonly candidates: readonly Candidate[] | null
}

/** Looks again at records that changed. */
async function follow(engine: Engine, model: Model): Promise<Left> {
  const from = await followedTo(engine.database.read)
  if (from === null) return 'nothing'
  const { changes, position } = await since(engine.database.read, from, changesInUnit)
  if (position === from) return 'nothing'
  const looked: Looked[] = []
  for (const kept of keptRules(model).values()) {
    const concerned = changes.filter((change) => concerns(kept, change))
    const ids = distinct(concerned)
    // What nobody has changed since it was made has no pairs that are out of date.
    const stale = distinct(concerned.filter(({ action }) => action !== 'created'))
    if (ids.length > 0) looked.push({ name: kept.name, stale, candidates: ids.length > lookedAtOnce ? null : await candidatesOfRecords(engine.database.long, kept, ids) })
  }
  await engine.database.write(async (tx) => {
    await assertInForce(tx, model)
    if (!(await followTo(tx, from, position))) return
    for (const { name, stale, candidates } of looked) {
      if (stale.length > 0) await dropCandidates(tx, name, stale)
      if (candidates === null) await searchAgain(tx, [name])
      else await addCandidates(tx, name, candidates)
    }
  })
  if (changes.length === changesInUnit) return 'more'
  return looked.some(({ candidates }) => candidates === null) ? 'later' : 'nothing'
}

const distinct = (changes: readonly Change[]): readonly number[] => [...new Set(changes.map(({ recordId }) => recordId))]

function concerns({ entity, rule }: KeptRule, change: Change): boolean {
  if (change.entity !== entity.id) return false
  return change.changes === null || fieldsOf(rule).some(({ id }) => Object.hasOwn(change.changes ?? {}, id))
}

async function candidatesOfRecords(x: Executor, kept: KeptRule, ids: readonly number[]): Promise<readonly Candidate[]> {
  const of = compared(kept, idIn(kept.entity, ids))
  const { records: changed } = await records.list(x, { entity: of.entity, rows: of.rows, archived: 'without', selection: of.selection, sort: [], limit: ids.length }, of.bindings)
  const groups = await agreeingWith(x, compared(kept, everything), kept.rule, changed)
  const found = new Candidates(kept.rule)
  for (const record of changed) found.add(record, groups.get(keyOf(kept.rule, record) ?? '') ?? [])
  return found.all()
}

/** Everything is compared, whoever may see it. */
function compared({ entity, rule }: KeptRule, rows: Predicate): Compared {
  const fields = [systemField(entity, 'id'), ...fieldsOf(rule)].map((field) => ({ field, masked: false }))
  return { entity, rows, visibleOf: () => undefined, selection: { fields, toOne: [], toMany: [] }, bindings: bindingsOf(systemActor, new Date()) }
}

/** Pairs that a rule makes alike, each once. */
class Candidates {
  readonly #found = new Map<string, Candidate>()

  constructor(readonly rule: DuplicateRule) {}

  add(record: Rec, others: readonly Rec[]): void {
    const alike = others.flatMap((other) => {
      const like = idOf(other) === idOf(record) ? undefined : likeness(this.rule, record, other)
      return like === undefined ? [] : [{ pair: pairOf(idOf(record), idOf(other)), score: Math.round(like.score * 100) }]
    })
    for (const one of alike.toSorted((a, b) => b.score - a.score).slice(0, perRecord)) this.#found.set(one.pair.join('-'), one)
  }

  all(): readonly Candidate[] {
    return [...this.#found.values()]
  }
}

/** In the unit in which records changed without a trace in the log of changes. `fields`: only these did; absent: any. */
export async function lookAnew(tx: Executor, model: Model, entity: string, fields?: readonly string[]): Promise<void> {
  const rules = [...keptRules(model).values()].filter((kept) => kept.entity.name === entity && (fields === undefined || fieldsOf(kept.rule).some(({ key }) => fields.includes(key))))
  await searchAnew(tx, rules.map(({ name }) => name))
}

/** How far the pairs of an entity are. */
export interface Standing extends JsonObject {
  /** Records that the searches of its rules looked at so far; null when all are over. */
  readonly looked: number | null
}

export async function standingOf(x: Executor, rules: readonly string[]): Promise<Standing> {
  const own = (await searches(x)).filter(({ rule }) => rules.includes(rule))
  const over = own.length === rules.length && own.every(({ place }) => place === null)
  return { looked: over ? null : own.reduce((sum, { looked }) => sum + looked, 0) }
}
