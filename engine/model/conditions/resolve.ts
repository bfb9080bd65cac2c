/**
 * Condition → predicate: names become fields, operands become cells, and what the caller may see is built in at every
 * hop. What is unknown and what is forbidden is refused with one and the same error, never dropped.
 */
import type { SegmentDefinition } from '../../../metadata/contract/definitions.gen.js'
import { ConditionError, placeholderOf, readTree, type Leaf, type Tree } from '../../../metadata/contract/condition-tree.js'
import type { Json } from '../../../metadata/contract/json.js'
import { isTreeOperator, measures, type Measure, type Operator, type TreeOperator } from '../../../metadata/contract/operators.js'
import { isRelative } from '../../../metadata/contract/time.js'
import { fold, wordsOf } from '../../../metadata/contract/text.js'
import { Problem } from '../../errors.js'
import type { Cell, ColumnKind } from '../../fields/contract.js'
import type { Entity, Field, Model, Relation } from '../model.js'
import { placeOf } from '../parts.js'
import { treeField } from '../tree.js'
import { all, any, everything, type Operand, type Predicate, type Search } from './predicate.js'

/** How somebody sees the model. What is undefined does not exist for them. */
export interface Lens {
  entity(name: string): EntityLens | undefined
  segment(name: string): SegmentDefinition | undefined
}

/** One entity of a lens. `rows`: the records that are seen at all. */
export interface EntityLens {
  readonly entity: Entity
  readonly rows: Predicate
  field(key: string): FieldLens | undefined
}

/** A masked field can't be asked about. `visible`: where the field is seen in full; absent: on every row of the lens. */
export interface FieldLens {
  readonly how: 'full' | 'masked'
  readonly visible?: Predicate
}

/** Sees everything: for rules that administrators write. */
export const unrestricted = (model: Pick<Model, 'entities'> & Partial<Pick<Model, 'segments'>>): Lens => ({
  segment: (name) => model.segments?.get(name),
  entity(name) {
    const entity = model.entities.get(name)
    return entity === undefined ? undefined : { entity, rows: everything, field: (key) => (entity.fields.has(key) ? seen : undefined) }
  },
})

const seen: FieldLens = { how: 'full' }

/**
 * Resolves a condition on records of an entity. The row rule of that entity itself is not part of the result; those of
 * the entities that it passes are.
 * @param at JSON Pointer of the condition in what was sent
 * @throws Problem query.invalid when it cannot be read or a value does not fit its field, access.field when a name is unknown or hidden
 */
export function resolve(model: Pick<Model, 'entities'>, entityName: string, condition: Json, lens: Lens, at: string): Predicate {
  const entity = lens.entity(entityName)
  if (entity === undefined || !model.entities.has(entityName)) throw hidden(entityName)
  try {
    return new Resolver(lens, at).tree(readTree(condition), entity)
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error
    throw invalid(at + error.path, error.message)
  }
}

/** Segments that ask for each other, and tests of all the conditions together that one question comes to. */
const segmentLimits = { nested: 3, tests: 400 } as const

/** Limits of free text. Names of products that people paste have ten words and more. */
const searchLimits = { terms: 16, characters: 200 } as const

/**
 * Free text over the searchable fields that the lens shows; no such field: nothing is found. Undefined without a word.
 * @throws Problem query.invalid when the text is too long or has too many words
 */
export function resolveSearch(q: string, lens: EntityLens): Search | undefined {
  if (q.length > searchLimits.characters) throw new Problem('query.invalid', { reason: `q is longer than ${String(searchLimits.characters)} characters` })
  const terms = wordsOf(q)
  if (terms.length > searchLimits.terms) throw new Problem('query.invalid', { reason: `q has more than ${String(searchLimits.terms)} words` })
  if (terms.length === 0) return undefined
  const fields = [...lens.entity.fields.values()].flatMap((field) => {
    const how = field.search ? lens.field(field.key) : undefined
    return how?.how === 'full' ? [{ field, ...visibleOf(how) }] : []
  })
  const title = fields.find(({ field, visible }) => field.key === lens.entity.display && visible === undefined)?.field ?? null
  return { kind: 'search', terms, fields, phrase: fold(q).split(/[\s\p{Cc}]+/u).filter((word) => word !== '').join(' '), title }
}

type ValueLeaf = Extract<Leaf, { kind: 'value' }>
type MeasureLeaf = Extract<Leaf, { kind: 'measure' }>

class Resolver {
  readonly #lens: Lens
  readonly #at: string
  /** Names of the segments whose conditions are being read, from the outermost. */
  readonly #within: string[] = []
  #tests = 0

  constructor(lens: Lens, at: string) {
    this.#lens = lens
    this.#at = at
  }

  tree(tree: Tree, entity: EntityLens): Predicate {
    if (tree.kind !== 'all' && tree.kind !== 'any' && ++this.#tests > segmentLimits.tests) throw this.#invalid(tree, `with its segments the condition has more than ${String(segmentLimits.tests)} tests`)
    switch (tree.kind) {
      case 'all':
        return all(...withoutNeedless(tree.of).map((part) => this.tree(part, entity)))
      case 'any':
        return any(...tree.of.map((part) => this.tree(part, entity)))
      case 'value':
        return this.#along(tree, tree.path, entity, tree.negated !== isMissingTest(tree), (last, key) => this.#value(tree, last, key))
      case 'rows':
        return this.#along(tree, tree.path, entity, tree.quantifier === '$none', (last, key) => both(this.#rows(tree, last, key)))
      case 'measure':
        return this.#along(tree, tree.path, entity, tree.negated, (last, key) => both(this.#measure(tree, last, key)))
    }
  }

  /**
   * Follows the to-one hops of a path. A hop that leads nowhere, or to a record that the lens does not show, makes what
   * comes after it missing: the test is false, its opposite true. A hop that is hidden on a row makes both false.
   */
  #along(leaf: Leaf, path: readonly string[], entity: EntityLens, opposite: boolean, end: (last: EntityLens, key: string) => Test): Predicate {
    const test = this.#test(leaf, path, entity, end)
    return opposite ? test.opposite : test.holds
  }

  #test(leaf: Leaf, path: readonly string[], entity: EntityLens, end: (last: EntityLens, key: string) => Test): Test {
    const [key = '', ...rest] = path
    if (rest.length === 0 || placeOf(entity.entity, path.join('.')) !== undefined) return end(entity, path.join('.'))
    const { field, visible } = this.#field(entity, key, leaf)
    const target = field.link === null ? undefined : this.#lens.entity(field.link.to)
    if (target === undefined) throw this.#hidden(leaf)
    const inner = this.#test(leaf, rest, target, end)
    const reach = (of: Predicate): Predicate => ({ kind: 'toOne', field, target: target.entity, of: all(target.rows, of) })
    const seenHere = visible ?? everything
    return {
      holds: all(seenHere, reach(inner.holds)),
      opposite: all(seenHere, inner.whole ? { kind: 'not', of: reach(inner.holds) } : any({ kind: 'not', of: reach(everything) }, reach(inner.opposite))),
      whole: inner.whole && visible === undefined,
    }
  }

  /** The positive form of the test: `$ne` and `$nin` and "has a value" are the opposites of `$eq`, `$in` and "has none". */
  #value(leaf: ValueLeaf, entity: EntityLens, key: string): Test {
    const relation = entity.entity.relations.get(key)
    if (relation !== undefined && !entity.entity.fields.has(key)) {
      this.#related(entity, key, leaf)
      throw this.#invalid(leaf, `${key} is a list: ask with $some, $none, $every or an aggregate`)
    }
    const { field, visible } = this.#field(entity, key, leaf)
    if (field.links !== null && leaf.operator === '$contains') return this.#contains(leaf, entity, key, field, visible)
    if (leaf.operator === '$segment') return this.#segment(leaf, entity, field, visible)
    if (isTreeOperator(leaf.operator)) return this.#tree(leaf, leaf.operator, entity, field, visible)
    if (field.targets !== null) return this.#oneOf(leaf, entity, field, visible)
    if (!field.type.operators.includes(leaf.operator)) throw this.#invalid(leaf, `${leaf.operator} cannot be used with ${key}`)
    const operand = this.#operand(leaf, leaf.operator, leaf.operand, field)
    const compare = (operator: Operator): Predicate => ({ kind: 'compare', field, operator, operand })
    const [holds, opposite] = pairOf(leaf, compare)
    if (visible === undefined) return { holds, opposite, whole: true }
    return { holds: all(visible, holds), opposite: all(visible, opposite), whole: false }
  }

  /** Of the record itself (`id`), or of the one that a reference points to: whether it meets the condition of the segment, as the lens sees it. */
  #segment(leaf: ValueLeaf, entity: EntityLens, field: Field, visible: Predicate | undefined): Test {
    const target = field.link === null ? (field.key === 'id' ? entity : undefined) : this.#lens.entity(field.link.to)
    const name = typeof leaf.operand === 'string' ? leaf.operand : ''
    const segment = this.#lens.segment(name)
    if (target === undefined || segment?.entity !== target.entity.name) throw this.#noSegment(leaf)
    if (this.#within.includes(name)) throw this.#invalid(leaf, `the segment “${name}” asks for itself`)
    if (this.#within.length >= segmentLimits.nested) throw this.#invalid(leaf, `segments ask for each other more than ${String(segmentLimits.nested)} deep`)
    this.#within.push(name)
    const test = this.#asOne(leaf, segment.where, target)
    this.#within.pop()
    const holds: Predicate = field.link === null ? test : { kind: 'toOne', field, target: target.entity, of: all(target.rows, test) }
    const opposite: Predicate = { kind: 'not', of: holds }
    return visible === undefined ? { holds, opposite, whole: true } : { holds: all(visible, holds), opposite: all(visible, opposite), whole: false }
  }

  /** Whether a segment is not there or asks for what is hidden, nobody learns; and of its condition nothing. */
  #asOne(leaf: ValueLeaf, where: Json, target: EntityLens): Predicate {
    try {
      return this.tree(readTree(where), target)
    } catch (error) {
      throw error instanceof Problem && error.code === 'access.field' ? this.#noSegment(leaf) : error
    }
  }

  #noSegment(leaf: ValueLeaf): Problem {
    return hidden(`${leaf.path.join('.')} in the segment “${typeof leaf.operand === 'string' ? leaf.operand : ''}”`)
  }

  /** Of the record itself (`id`), or of the one that a reference points to. */
  #tree(leaf: ValueLeaf, direction: TreeOperator, entity: EntityLens, field: Field, visible: Predicate | undefined): Test {
    const target = field.link === null ? (field.key === 'id' ? entity : undefined) : this.#lens.entity(field.link.to)
    const via = target === undefined ? undefined : treeField(target.entity)
    const id = target?.entity.fields.get('id')
    if (target === undefined || via === undefined || id === undefined) throw this.#invalid(leaf, `${direction} cannot be used with ${field.key}: its records form no tree`)
    const how = target.field(via.key)
    // A level counts the records above, whoever may read them.
    if (how?.how !== 'full' || how.visible !== undefined || (direction === '$level' && target.rows !== everything)) throw this.#hidden(leaf)
    const test: Predicate = { kind: 'tree', via, direction, operand: this.#operand(leaf, '$eq', leaf.operand, id), rows: target.rows }
    const holds: Predicate = field.link === null ? test : { kind: 'toOne', field, target: target.entity, of: all(target.rows, test) }
    const opposite: Predicate = { kind: 'not', of: holds }
    return visible === undefined ? { holds, opposite, whole: true } : { holds: all(visible, holds), opposite: all(visible, opposite), whole: false }
  }

  /** A record of one of several entities, named as `member/5`, is asked of the references that the lens shows behind the field. */
  #oneOf(leaf: ValueLeaf, entity: EntityLens, field: Field, visible: Predicate | undefined): Test {
    const shown = [...(field.targets ?? [])].flatMap(([name, { key }]) => {
      const behind = this.#lens.entity(name) === undefined || entity.field(key) === undefined ? undefined : entity.entity.fields.get(key)
      return behind === undefined ? [] : [[name, behind] as const]
    })
    const points = (operand: Json): Predicate => {
      const [name, id] = typeof operand === 'string' && field.type.operand(operand, '$eq', field.options) === operand ? operand.split('/') : []
      const behind = shown.find(([known]) => known === name)?.[1]
      if (behind === undefined) throw this.#invalid(leaf, `${JSON.stringify(operand).slice(0, 60)} is not a value of ${field.key}`)
      return { kind: 'compare', field: behind, operator: '$eq', operand: { kind: 'value', cell: Number(id) } }
    }
    const some = (): Predicate => any(...shown.map(([, behind]): Predicate => ({ kind: 'compare', field: behind, operator: '$ne', operand: { kind: 'value', cell: null } })))
    if (!field.type.operators.includes(leaf.operator)) throw this.#invalid(leaf, `${leaf.operator} cannot be used with ${field.key}`)
    const listed = Array.isArray(leaf.operand) ? (leaf.operand as readonly Json[]) : [leaf.operand]
    const holds = leaf.operand === null ? some() : any(...listed.map(points))
    const opposite: Predicate = { kind: 'not', of: holds }
    return visible === undefined ? { holds, opposite, whole: true } : { holds: all(visible, holds), opposite: all(visible, opposite), whole: false }
  }

  /** A list of ids contains one that the lens shows, archived or not: as the list is read. */
  #contains(leaf: ValueLeaf, entity: EntityLens, key: string, field: Field, visible: Predicate | undefined): Test {
    const relation = entity.entity.relations.get(key)
    const target = this.#lens.entity(field.links?.to ?? '')
    const id = target?.entity.fields.get('id')
    if (relation === undefined || target === undefined || id === undefined) throw this.#hidden(leaf)
    const of: Predicate = { kind: 'compare', field: id, operator: '$eq', operand: this.#operand(leaf, '$eq', leaf.operand, id) }
    const holds: Predicate = { kind: 'toMany', relation, target: target.entity, quantifier: '$some', rows: target.rows, of }
    const opposite: Predicate = { kind: 'not', of: holds }
    return visible === undefined ? { holds, opposite, whole: true } : { holds: all(visible, holds), opposite: all(visible, opposite), whole: false }
  }

  #rows(leaf: Extract<Leaf, { kind: 'rows' }>, entity: EntityLens, key: string): { readonly some: Predicate; readonly none: Predicate } {
    const { relation, target, rows, seen } = this.#related(entity, key, leaf)
    const of = this.tree(leaf.of, target)
    const ask = (quantifier: '$some' | '$none'): Predicate => all(seen, { kind: 'toMany', relation, target: target.entity, quantifier, rows, of })
    return { some: ask('$some'), none: ask('$none') }
  }

  #measure(leaf: MeasureLeaf, entity: EntityLens, key: string): { readonly some: Predicate; readonly none: Predicate } {
    const { relation, target, rows, seen } = this.#related(entity, key, leaf)
    const wanted = this.tree(leaf.rows, target)
    const measured = leaf.field === null ? undefined : this.#field(target, leaf.field, leaf)
    const field = measured?.field ?? null
    if (field !== null && !field.type.measures.includes(measureNames[leaf.measure])) throw this.#invalid(leaf, `${leaf.measure} cannot be used with ${field.key}`)
    const some: Predicate = {
      kind: 'measure', relation, target: target.entity, measure: leaf.measure, field, operator: leaf.operator,
      rows: all(rows, measured?.visible ?? everything, wanted),
      operand: this.#measureOperand(leaf, field),
    }
    return { some: all(seen, some), none: all(seen, { kind: 'not', of: some }) }
  }

  /** A relation is seen when the lens shows the other entity, the field that points back here, and the own field of its name. `seen`: on which records. */
  #related(entity: EntityLens, key: string, leaf: Leaf): { readonly relation: Relation; readonly target: EntityLens; readonly rows: Predicate; readonly seen: Predicate } {
    const relation = entity.entity.relations.get(key)
    const target = relation === undefined ? undefined : this.#lens.entity(relation.entity)
    if (relation === undefined || target === undefined) throw this.#hidden(leaf)
    const back = relation.field === null ? undefined : this.#field(target, relation.field, leaf).visible
    const own = entity.entity.fields.has(key) ? this.#field(entity, key, leaf).visible : undefined
    return { relation, target, rows: all(target.rows, back ?? everything, notArchived(target.entity)), seen: own ?? everything }
  }

  /** Only API keys of the compiled model name a field or a part of one: no second spelling exists. */
  #field(entity: EntityLens, key: string, leaf: Leaf): { readonly field: Field; readonly visible?: Predicate } {
    const place = placeOf(entity.entity, key)
    const how = place === undefined ? undefined : entity.field(place.key)
    if (place === undefined || how?.how !== 'full') throw this.#hidden(leaf)
    return { field: place.field, ...visibleOf(how) }
  }

  #operand(leaf: Leaf, operator: Operator, operand: Json, field: Field): Operand {
    if (operand === null) return { kind: 'value', cell: null }
    const attribute = placeholderOf(operand)
    if (attribute !== undefined) return { kind: 'user', attribute }
    if (Array.isArray(operand)) return { kind: 'list', cells: (operand as readonly Json[]).map((one) => this.#cell(leaf, operator, one, field)) }
    const as = relativeKinds[field.columns[0]?.kind ?? 'json']
    if (as !== undefined && typeof operand === 'string' && isRelative(operand)) return { kind: 'relative', expression: operand, as }
    return { kind: 'value', cell: this.#cell(leaf, operator, operand, field) }
  }

  #cell(leaf: Leaf, operator: Operator, value: Json, field: Field): Cell {
    const cell = field.type.operand(value, operator, field.options)
    if (cell === undefined) throw this.#invalid(leaf, `${JSON.stringify(value).slice(0, 60)} is not a value of ${field.key}`)
    return cell
  }

  #measureOperand(leaf: MeasureLeaf, field: Field | null): Operand {
    // An average need not be a value of its field: that of whole numbers is a fraction.
    if (field !== null && (leaf.measure !== '$avg' || typeof leaf.operand === 'string')) return this.#operand(leaf, leaf.operator, leaf.operand, field)
    const attribute = placeholderOf(leaf.operand)
    if (attribute !== undefined) return { kind: 'user', attribute }
    const fits = field === null ? Number.isSafeInteger(leaf.operand) : Number.isFinite(leaf.operand)
    if (!fits) throw this.#invalid(leaf, `${leaf.measure} is compared with a ${field === null ? 'whole number' : 'number'}`)
    return { kind: 'value', cell: leaf.operand }
  }

  /** Names the path as it was sent: the same words for a field that is hidden and for one that never was. */
  #hidden(leaf: Leaf): Problem {
    return hidden(leaf.kind === 'measure' && leaf.field !== null ? `${leaf.path.join('.')}.${leaf.field}` : leaf.path.join('.'))
  }

  #invalid(leaf: Leaf, reason: string): Problem {
    return invalid(this.#at + leaf.at, reason)
  }
}

/**
 * A test and its opposite. `whole`: one is true exactly where the other is false, which is not so where the field is
 * hidden on some rows.
 */
interface Test {
  readonly holds: Predicate
  readonly opposite: Predicate
  readonly whole: boolean
}

const both = ({ some, none }: { readonly some: Predicate; readonly none: Predicate }): Test => ({ holds: some, opposite: none, whole: true })

/** True for tests that hold where a value is missing: `$ne` and `$nin` of a value, and `null`. */
const isMissingTest = (leaf: ValueLeaf): boolean => (leaf.operand === null ? leaf.operator === '$eq' : leaf.operator === '$ne' || leaf.operator === '$nin')

/** The form of a comparison that is false where the value is missing, and its opposite. */
function pairOf(leaf: ValueLeaf, compare: (operator: Operator) => Predicate): readonly [Predicate, Predicate] {
  if (leaf.operand === null) return [compare('$ne'), compare('$eq')]
  if (leaf.operator === '$eq' || leaf.operator === '$ne') return [compare('$eq'), compare('$ne')]
  if (leaf.operator === '$in' || leaf.operator === '$nin') return [compare('$in'), compare('$nin')]
  const holds = compare(leaf.operator)
  return [holds, { kind: 'not', of: holds }]
}

/** `$some` beside an aggregate that rows must exist for says nothing more: the rows need not be looked for twice. */
function withoutNeedless(parts: readonly Tree[]): readonly Tree[] {
  const counted = parts.filter((part) => part.kind === 'measure' && !part.negated && needsRows(part)) as readonly MeasureLeaf[]
  return parts.filter((part) => !(part.kind === 'rows' && part.quantifier === '$some' && counted.some((measure) => measure.at.startsWith(siblingsOf(part.at)) && samePath(measure.path, part.path))))
}

const siblingsOf = (at: string): string => (at.endsWith('/$some') ? at.slice(0, -'$some'.length) : `${at}//`)
const samePath = (a: readonly string[], b: readonly string[]): boolean => a.join('.') === b.join('.')

/** True when the comparison is false for no rows. */
function needsRows(leaf: MeasureLeaf): boolean {
  if (leaf.measure === '$sum') return false
  if (leaf.measure !== '$count') return true
  if (typeof leaf.operand !== 'number') return false
  return (leaf.operator === '$gt' && leaf.operand >= 0) || ((leaf.operator === '$gte' || leaf.operator === '$eq') && leaf.operand >= 1)
}

const measureNames: Readonly<Record<MeasureLeaf['measure'], Measure>> = { $count: measures[0], $sum: measures[1], $avg: measures[2], $min: measures[3], $max: measures[4] }

/** Column kinds that relative times are compared with. */
const relativeKinds: Readonly<Partial<Record<ColumnKind, 'date' | 'instant'>>> = { date: 'date', instant: 'instant' }

function notArchived(entity: Entity): Predicate {
  const field = entity.fields.get('archivedAt')
  return field === undefined ? everything : { kind: 'compare', field, operator: '$eq', operand: { kind: 'value', cell: null } }
}

const visibleOf = (how: FieldLens): { readonly visible?: Predicate } => (how.visible === undefined ? {} : { visible: how.visible })

const hidden = (field: string): Problem => new Problem('access.field', { field: field.slice(0, 200) })

const invalid = (at: string, reason: string): Problem => new Problem('query.invalid', { reason: at === '' ? reason : `${reason} (at ${at.slice(0, 200)})` })
