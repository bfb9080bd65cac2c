/**
 * What computed values depend on, turned round: for the records of an entity, which values follow when they change. Made
 * once for a model, so that a write only looks into a map; an entity that nothing is computed from is not in it.
 */
import { matches } from '../../../metadata/contract/condition.js'
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import type { Expression, Rollup } from '../../fields/computed/contract.js'
import { seenAs } from '../../fields/seen-as.js'
import type { FormulaKind } from '../../formulas/environment.js'
import { compileFormula, type Compute, type Path } from '../../formulas/formula.js'
import type { Entity, Field, Model } from '../model.js'
import { everything, nothing, type Predicate } from '../conditions/predicate.js'
import { resolve, unrestricted } from '../conditions/resolve.js'

/** By entity name. */
export type Derivations = ReadonlyMap<string, EntityDerivations>

export interface EntityDerivations {
  /** Own fields that are computed from the record and those that it refers to; each after those that it needs. */
  readonly expressions: readonly ExpressionField[]
  /** Own fields that are computed from the records that refer to this one. */
  readonly rollups: readonly RollupField[]
  /** Rollups of other entities (or this one) that count records of this entity. */
  readonly feeds: readonly RollupField[]
  /** Fields elsewhere that are computed from a field of this entity over references. */
  readonly readers: readonly Reader[]
  /** Links to this entity by which erasing a record changes or erases others that values depend on. */
  readonly takes: readonly { readonly entity: string; readonly field: string; readonly onDelete: 'clear' | 'cascade' }[]
}

export interface ExpressionField {
  readonly entity: string
  readonly field: Field
  readonly derived: Expression
  /** Null: the value of the one path as it is. */
  compute(): Compute | null
}

export interface RollupField {
  /** The entity that has the field. */
  readonly entity: string
  readonly field: Field
  readonly derived: Rollup
  /** Which records count, without those that are archived. */
  rows(): Predicate
  /** The same for one record in memory. */
  counts(record: JsonObject, now: Date): boolean
}

export interface Reader {
  readonly entity: string
  /** References from a record of that entity to one of this. */
  readonly hops: Path
  /** Field of this entity that is read. */
  readonly key: string
  /** Keys of the fields that follow. */
  readonly fields: readonly string[]
}

type Entities = ReadonlyMap<string, Entity>

type Around = Pick<Model, 'entities' | 'timeZone'>

interface Parts {
  readonly expressions: ExpressionField[]
  readonly rollups: RollupField[]
  readonly feeds: RollupField[]
  readonly readers: Map<string, { entity: string; hops: Path; key: string; fields: string[] }>
}

const kept = new WeakMap<Entities, Derivations>()

/** Made once for the entities of a model. */
export function derivationsOf({ entities, timeZone }: Around): Derivations {
  let made = kept.get(entities)
  if (made === undefined) kept.set(entities, (made = compileDerivations(entities, timeZone)))
  return made
}

function compileDerivations(entities: Entities, timeZone: string): Derivations {
  const parts = new Map<string, Parts>()
  const of = (name: string): Parts => {
    let part = parts.get(name)
    if (part === undefined) parts.set(name, (part = { expressions: [], rollups: [], feeds: [], readers: new Map() }))
    return part
  }
  for (const entity of entities.values()) {
    for (const field of entity.fields.values()) {
      if (field.derived?.kind === 'expression') {
        of(entity.name).expressions.push(expressionField({ entities, timeZone }, entity, field, field.derived))
        for (const path of field.derived.paths) addReaders(entities, entity, field.key, path, of)
      } else if (field.derived?.kind === 'rollup') {
        const rollup = rollupField({ entities, timeZone }, entity, field, field.derived)
        of(entity.name).rollups.push(rollup)
        of(field.derived.entity).feeds.push(rollup)
      }
    }
  }
  if (parts.size === 0) return none
  const takes = takesOf(entities, new Set(parts.keys()))
  return new Map([...new Set([...parts.keys(), ...takes.keys()])].map((name) => {
    const { expressions, rollups, feeds, readers } = of(name)
    return [name, { expressions: inOrder(expressions), rollups, feeds, readers: [...readers.values()], takes: takes.get(name) ?? [] }]
  }))
}

const none: Derivations = new Map()

function expressionField({ entities, timeZone }: Around, entity: Entity, field: Field, derived: Expression): ExpressionField {
  let made: Compute | null | undefined
  const compute = (): Compute | null => (made ??= derived.cel === null ? null : compileFormula(derived.cel, (path) => kindOf(entities, entity, path), timeZone))
  return { entity: entity.name, field, derived, compute }
}

function kindOf(entities: Entities, entity: Entity | undefined, path: Path): FormulaKind {
  const [key = '', ...rest] = path
  const field = entity?.fields.get(key)
  if (field === undefined) return 'none'
  const whole = rest.length === 0 ? field : field.parts.get(rest.join('.'))
  if (whole !== undefined) return seenAs(whole.type, whole.options)
  return kindOf(entities, entities.get(field.link?.to ?? ''), rest)
}

function rollupField({ entities, timeZone }: Around, entity: Entity, field: Field, derived: Rollup): RollupField {
  const where = derived.where === null ? null : canonicalCondition(derived.where, entities.get(derived.entity))
  let rows: Predicate | undefined
  return {
    entity: entity.name,
    field,
    derived,
    rows: () => (rows ??= where === null ? everything : resolved(entities, derived.entity, where)),
    counts: (record, now) => where === null || matches(where, record, { user: () => undefined, now, timeZone }),
  }
}

/** A condition that no longer fits its entity counts nothing; the checker refuses it before that is published. */
function resolved(entities: Entities, entity: string, where: JsonObject): Predicate {
  try {
    return resolve({ entities }, entity, where, unrestricted({ entities }), '')
  } catch {
    return nothing
  }
}

/** Operands in the spelling in which values are stored, so that memory and database compare the same. */
function canonicalCondition(where: JsonObject, entity: Entity | undefined): JsonObject {
  const part = (key: string, value: Json): Json => {
    if (key.startsWith('$')) return Array.isArray(value) ? (value as readonly Json[]).map((one) => (isCondition(one) ? canonicalCondition(one, entity) : one)) : isCondition(value) ? canonicalCondition(value, entity) : value
    const field = entity?.fields.get(key)
    return field === undefined ? value : operandsOf(value, field)
  }
  return Object.fromEntries(Object.entries(where).map(([key, value]) => [key, part(key, value)]))
}

const isCondition = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)

function operandsOf(value: Json, field: Field): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((one) => operandsOf(one, field))
  if (isCondition(value)) return Object.fromEntries(Object.entries(value).map(([operator, operand]) => [operator, operandsOf(operand, field)]))
  return value === null || field.type.canonical === undefined ? value : field.type.canonical(value, field.options)
}

/** Every record on the way of a path is read: its link, and at the end the field. */
function addReaders(entities: Entities, entity: Entity, target: string, path: Path, of: (name: string) => Parts): void {
  let at: Entity | undefined = entity
  path.forEach((key, i) => {
    if (i > 0 && at !== undefined) {
      const hops = path.slice(0, i)
      const name = `${entity.name} ${hops.join('.')} ${key}`
      const { readers } = of(at.name)
      const known = readers.get(name)
      if (known === undefined) readers.set(name, { entity: entity.name, hops, key, fields: [target] })
      else if (!known.fields.includes(target)) known.fields.push(target)
    }
    at = entities.get(at?.fields.get(key)?.link?.to ?? '')
  })
}

/** Each expression after those of the same record that it needs. */
function inOrder(expressions: readonly ExpressionField[]): readonly ExpressionField[] {
  const byKey = new Map(expressions.map((one) => [one.field.key, one]))
  const ordered = new Set<ExpressionField>()
  const place = (one: ExpressionField): void => {
    if (ordered.has(one)) return
    for (const [first = ''] of one.derived.paths) {
      const needed = byKey.get(first)
      if (needed !== undefined && needed !== one) place(needed)
    }
    ordered.add(one)
  }
  expressions.forEach(place)
  return [...ordered]
}

/** For each entity the links to it that clear or erase records which matter, or whose erasing erases such ones. */
function takesOf(entities: Entities, matter: ReadonlySet<string>): ReadonlyMap<string, EntityDerivations['takes']> {
  const links = [...entities.values()].flatMap((entity) => [...entity.fields.values()].flatMap((field) =>
    field.link === null || field.system || field.link.onDelete === 'restrict' ? [] : [{ to: field.link.to, entity: entity.name, field: field.key, onDelete: field.link.onDelete }]))
  const reached = new Set<string>()
  for (let size = -1; size !== reached.size; ) {
    size = reached.size
    for (const link of links) if (matter.has(link.entity) || (link.onDelete === 'cascade' && reached.has(link.entity))) reached.add(link.to)
  }
  const taken = new Map<string, EntityDerivations['takes'][number][]>()
  for (const { to, entity, field, onDelete } of links) {
    if (matter.has(entity) || (onDelete === 'cascade' && reached.has(entity))) taken.set(to, [...(taken.get(to) ?? []), { entity, field, onDelete }])
  }
  return taken
}
