/** The list of pairs that may be the same, as the caller may see them. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { Cell } from '../../fields/contract.js'
import type { DuplicateRule } from '../../model/model.js'
import { all } from '../../model/conditions/predicate.js'
import type { EntityAccess } from '../../permissions/access.js'
import { candidatesOf, type Candidate } from '../../storage/own/candidates.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { idOf, type Rec } from '../records/row.js'
import { accessTo, idIn } from '../rights/rights.js'
import { ModelMoved } from '../unit.js'
import { comparedFields, titleOf, withoutSystem } from './find.js'
import { catchUp } from './keeping.js'
import { nameOf, standingOf } from './kept.js'
import { likenessBy, rulesFor } from './rules.js'

/** `pairs` end a page; `candidates` are read at once; after `scannedMax` of them a page ends without pairs. */
const limits = { pairs: 50, candidates: 100, scannedMax: 2000, catchUpMilliseconds: 300 } as const

export interface Pair extends JsonObject {
  readonly a: JsonObject
  readonly b: JsonObject
  readonly fields: readonly string[]
  readonly score: number
}

export interface Pairs {
  readonly pairs: readonly Pair[]
  /** Where the list goes on: the rule, and the last pair looked at; null at the end. */
  readonly next: readonly Cell[] | null
  /** Candidates looked at for this page. */
  readonly scanned: number
  /** All changes until then are considered (RFC 3339); null while there is more to look at. */
  readonly asOf: string | null
  /** While all records are being searched, as after a rule changed: how many were looked at; else null. */
  readonly searched: number | null
}

/**
 * Pairs that look the same, rule by rule, the most alike first. Candidates are kept; each is compared anew as the caller
 * reads it, so a page ends when it has enough pairs or looked at enough candidates. It may have none and go on.
 * @throws Problem request.path, query.cursor
 */
export async function pairsOf(call: Call, entity: string, after?: readonly Cell[]): Promise<Pairs> {
  const access = accessTo(call, entity)
  const rules = rulesFor(access)
  const [from = 0, ...place] = after ?? []
  if (typeof from !== 'number') throw new Problem('query.cursor')
  const asOf = rules.length === 0 ? call.at : await caughtUp(call)
  const { looked } = await standingOf(call.engine.database.read, rules.map((rule) => nameOf(access.entity, rule)))
  const told = { asOf: asOf?.toISOString() ?? null, searched: looked }
  const found: Pair[] = []
  let scanned = 0
  let last = candidateAt(place)
  for (const [index, rule] of rules.entries()) {
    if (index < from) continue
    for (let more = true; more; ) {
      const candidates = await candidatesOf(call.engine.database.read, nameOf(access.entity, rule), access.entity, limits.candidates, last)
      scanned += candidates.length
      found.push(...(await shown(call, access, rules, index, candidates)))
      last = candidates.at(-1)
      more = candidates.length === limits.candidates
      if (more && last !== undefined && isFull(found.length, scanned)) return { ...told, pairs: found, scanned, next: [index, last.score, ...last.pair] }
    }
    last = undefined
    if (index + 1 < rules.length && isFull(found.length, scanned)) return { ...told, pairs: found, scanned, next: [index + 1] }
  }
  return { ...told, pairs: found, scanned, next: null }
}

const isFull = (found: number, scanned: number): boolean => found >= limits.pairs || scanned >= limits.scannedMax

function candidateAt(place: readonly Cell[]): Candidate | undefined {
  const [score, low, high] = place
  return typeof score === 'number' && typeof low === 'number' && typeof high === 'number' ? { score, pair: [low, high] } : undefined
}

/** What was just written is in the list, unless there is very much of it. The list opens without it, too. */
async function caughtUp(call: Call): Promise<Date | null> {
  try {
    const late = new Promise<null>((resolve) => setTimeout(resolve, limits.catchUpMilliseconds, null).unref())
    return await Promise.race([catchUp(call.engine, limits.catchUpMilliseconds), late])
  } catch (error) {
    if (!(error instanceof ModelMoved)) call.engine.log.warn({ err: error }, 'pairs that may be the same could not be brought up to date')
    return null
  }
}

/** Candidates of the rule at `index` as the caller reads both records, without those that an earlier rule told. */
async function shown(call: Call, access: EntityAccess, rules: readonly DuplicateRule[], index: number, candidates: readonly Candidate[]): Promise<readonly Pair[]> {
  if (candidates.length === 0) return []
  const ids = [...new Set(candidates.flatMap(({ pair }) => pair))]
  const query = { entity: access.entity, rows: all(access.rows, idIn(access.entity, ids)), archived: 'without' as const, selection: comparedFields(call, access, rules), sort: [], limit: ids.length }
  const { records: readable } = await records.list(call.engine.database.read, query, call.bindings)
  const byId = new Map(readable.map((record) => [idOf(record), record]))
  const side = (record: Rec): JsonObject => ({ id: idOf(record), title: titleOf(access, record), values: withoutSystem(record) })
  return candidates.flatMap(({ pair: [low, high] }) => {
    const [a, b] = [byId.get(high), byId.get(low)]
    const alike = a === undefined || b === undefined ? undefined : likenessBy(rules.slice(index), a, b)
    if (a === undefined || b === undefined || alike === undefined || likenessBy(rules.slice(0, index), a, b) !== undefined) return []
    return [{ a: side(a), b: side(b), ...alike }]
  })
}
