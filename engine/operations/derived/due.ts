/** What follows from changed records: which values of which records are to be brought up to date, and how. Pure. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import type { Derivations, Reader, RollupField } from '../../model/computed/derivations.js'
import { type Written } from './writing.js'

/** What one record gave to a rollup and what it gives now; absent: nothing. */
export interface Delta {
  readonly left?: Json
  readonly entered?: Json
}

/** What is due on one record. */
export interface Dues {
  /** By rollup what changed in it; `anew`: it is to be counted anew. */
  readonly rollups: Map<RollupField, Delta[] | 'anew'>
  /** Keys of computed fields whose sources changed in other records. */
  readonly stale: Set<string>
}

/** `entity.field`, a name for sets. */
export const fieldName = (entity: string, key: string): string => `${entity}.${key}`

/** Fields that somebody computes anew for all records afterwards: nothing is due on them now. */
export type LaterFields = ReadonlySet<string>

/** Entity name → record id → what is due there. */
export class Due {
  constructor(private readonly later: LaterFields) {}

  readonly byEntity = new Map<string, Map<number, Dues>>()

  private of(entity: string, id: number): Dues {
    let records = this.byEntity.get(entity)
    if (records === undefined) this.byEntity.set(entity, (records = new Map<number, Dues>()))
    let dues = records.get(id)
    if (dues === undefined) records.set(id, (dues = { rollups: new Map(), stale: new Set() }))
    return dues
  }

  stale(entity: string, id: number, key: string): void {
    if (!this.later.has(fieldName(entity, key))) this.of(entity, id).stale.add(key)
  }

  delta(rollup: RollupField, owner: number, delta: Delta): void {
    if (this.later.has(fieldName(rollup.entity, rollup.field.key))) return
    const { rollups } = this.of(rollup.entity, owner)
    const known = rollups.get(rollup)
    if (known === undefined) rollups.set(rollup, [delta])
    else if (known !== 'anew') known.push(delta)
  }

  anew(rollup: RollupField, owner: number): void {
    if (this.later.has(fieldName(rollup.entity, rollup.field.key))) return
    this.of(rollup.entity, owner).rollups.set(rollup, 'anew')
  }
}

/** Ids of the records that count what refers to `id`. */
export type Owners = (rollup: RollupField, id: number) => readonly number[]

/** Notes what follows for the rollups that count the record. */
export function noteRollups(due: Due, derivations: Derivations, written: Written, owners: Owners, now: Date): void {
  for (const rollup of derivations.get(written.entity.name)?.feeds ?? []) {
    if (rollup.derived.moving || rollup.derived.by !== null || rollup.derived.measure === 'first' || rollup.derived.measure === 'last') noteAnew(due, rollup, written, owners)
    else noteDelta(due, rollup, written, owners, now)
  }
}

/** Values that do not follow from the record alone are counted anew, where anything of it changed that they look at. */
function noteAnew(due: Due, rollup: RollupField, { before, after }: Written, owners: Owners): void {
  const { via, field, by, asked } = rollup.derived
  const looked = [via, 'archivedAt', ...(field === null ? [] : [field]), ...(by === null ? [] : [by]), ...asked]
  if (before !== null && after !== null && looked.every((key) => same(before[key], after[key]))) return
  for (const record of [before, after]) {
    const referred = isLive(record) ? record[via] : undefined
    if (typeof referred === 'number') for (const owner of owners(rollup, referred)) due.anew(rollup, owner)
  }
}

function noteDelta(due: Due, rollup: RollupField, { before, after }: Written, owners: Owners, now: Date): void {
  const left = givenBy(rollup, before, now)
  const entered = givenBy(rollup, after, now)
  const note = (referred: number, delta: Delta): void => owners(rollup, referred).forEach((owner) => due.delta(rollup, owner, delta))
  if (left !== undefined && entered !== undefined && left.referred === entered.referred) {
    if (!same(left.value, entered.value)) note(left.referred, { left: left.value, entered: entered.value })
    return
  }
  if (left !== undefined) note(left.referred, { left: left.value })
  if (entered !== undefined) note(entered.referred, { entered: entered.value })
}

function givenBy(rollup: RollupField, record: JsonObject | null, now: Date): { readonly referred: number; readonly value: Json } | undefined {
  const { via, field } = rollup.derived
  const referred = isLive(record) ? record[via] : undefined
  if (record === null || typeof referred !== 'number' || !rollup.counts(record, now)) return undefined
  return { referred, value: field === null ? 1 : (record[field] ?? null) }
}

const isLive = (record: JsonObject | null): record is JsonObject => record !== null && (record['archivedAt'] ?? null) === null

/** Ids of changed records for every way by which fields elsewhere read what changed in them. */
export function readersOf(derivations: Derivations, written: readonly Written[]): ReadonlyMap<Reader, readonly number[]> {
  const found = new Map<Reader, number[]>()
  for (const { entity, before, after } of written) {
    for (const reader of derivations.get(entity.name)?.readers ?? []) {
      if (before === null || after === null || same(before[reader.key], after[reader.key])) continue
      const ids = found.get(reader)
      if (ids === undefined) found.set(reader, [Number(after['id'])])
      else ids.push(Number(after['id']))
    }
  }
  return found
}

/** Values are in their one spelling, so equal ones are written alike. */
export const same = (a: Json | undefined, b: Json | undefined): boolean =>
  (a ?? null) === (b ?? null) || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b))
