/** Storage by itself on a fresh, real database: definitions in, tables and records out, without HTTP or rights. */
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import type { PlanStep } from '../../metadata/contract/plan.js'
import { compile } from '../../engine/model/compile.js'
import type { Documents, Entity, Model } from '../../engine/model/model.js'
import { applyPlan } from '../../engine/storage/tables/apply.js'
import type { Bindings, Database, Selection } from '../../engine/storage/contract.js'
import { openDatabase } from '../../engine/storage/database.js'
import { measureImpact } from '../../engine/storage/tables/impact.js'
import { plan } from '../../engine/storage/tables/plan.js'
import * as records from '../../engine/storage/records.js'
import { prepareSystem } from '../../engine/storage/own/system.js'
import { everything } from '../../engine/model/conditions/predicate.js'
import { freshDatabase, type DatabaseKind } from '../support/databases.js'

export const nobody: Bindings = { user: () => undefined, now: new Date('2026-07-01T12:00:00.000Z'), timeZone: 'UTC' }
export const stamp = { by: null, owner: null, at: new Date('2026-07-01T12:00:00.000Z') }

export interface Store {
  readonly db: Database
  readonly url: string
  readonly model: Model
  entity(name: string): Entity
  /** Plans and applies; gives the measured steps. */
  publish(documents: Documents): Promise<readonly PlanStep[]>
  insert(entity: string, rows: readonly JsonObject[]): Promise<readonly records.Rec[]>
  /** Every record (archived ones too) by id, all fields. */
  all(entity: string): Promise<readonly records.Rec[]>
  close(): Promise<void>
}

export async function openStore(kind: DatabaseKind, documents: Documents = {}): Promise<Store> {
  const database = await freshDatabase(kind)
  const db = await openDatabase(database.url)
  await prepareSystem(db)
  let model = compile({}, 0)
  const entity = (name: string): Entity => {
    const found = model.entities.get(name)
    if (found === undefined) throw new Error(`no entity ${name}`)
    return found
  }
  const store: Store = {
    db,
    url: database.url,
    get model() {
      return model
    },
    entity,
    publish: async (next) => {
      const { steps, after } = await publish(db, model, next)
      model = after
      return steps
    },
    insert: (name, rows) => db.write((tx) => records.insert(tx, entity(name), rows, stamp)),
    all: async (name) => {
      const found: records.Rec[] = []
      for (const archived of ['without', 'only'] as const) {
        for await (const page of records.stream(db.long, { entity: entity(name), rows: everything, archived, selection: whole(entity(name)), sort: [], limit: 500 }, nobody)) found.push(...page)
      }
      return found.sort((a, b) => Number(a['id']) - Number(b['id']))
    },
    close: async () => {
      await db.close()
      await database.drop()
    },
  }
  if (Object.keys(documents).length > 0) await store.publish(documents)
  return store
}

export async function publish(db: Database, before: Model, documents: Documents): Promise<{ steps: readonly PlanStep[]; after: Model }> {
  const after = compile(documents, before.version + 1, before)
  if (after.quarantined.length > 0) throw new Error(JSON.stringify(after.quarantined))
  const storage = plan(before, after)
  const steps = await measureImpact(db, before, after, storage)
  await applyPlan(db, { before, after, storage, record: { version: after.version, at: stamp.at, by: null, message: '', layers: [{ name: 'test', documents }], steps } })
  return { steps, after }
}

/** An entity definition from its properties. */
export const entityOf = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: 'object', properties, ...more })

export const reference = (to: string, onDelete = 'restrict', more: JsonObject = {}): JsonObject => ({ crm: { type: 'reference', to, onDelete, ...more } })

export const whole = (entity: Entity): Selection => ({ fields: [...entity.fields.values()].map((field) => ({ field, masked: false })), toOne: [], toMany: [] })

export const pick = (rows: readonly records.Rec[], key: string): readonly Json[] => rows.map((row) => row[key] ?? null)

/** Throws for undefined, so that a test fails where the surprise is. */
export function must<T>(value: T | undefined | null): T {
  if (value === undefined || value === null) throw new Error('missing')
  return value
}
