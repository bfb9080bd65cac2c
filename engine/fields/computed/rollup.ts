/** A number, or one value, out of all records that refer to this one: how many, their sum, the latest. */
import { ConditionError, placeholdersIn, readTree, type Tree } from '../../../metadata/contract/condition-tree.js'
import { formulaFault } from '../../../metadata/contract/formula-faults.js'
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { isTreeOperator } from '../../../metadata/contract/operators.js'
import { isRelative } from '../../../metadata/contract/time.js'
import { optionsSchema, picked } from '../keywords.js'
import { rollupMeasures, textIn, type ComputedType, type Derivation, type RollupMeasure, type Surroundings } from './contract.js'
import { rollupShape } from './shapes.js'

const ofField = { $comment: 'measured', type: 'string', minLength: 1 } as const

export const rollup: ComputedType = {
  name: 'rollup',
  options: {
    ...optionsSchema(
      {
        of: { $comment: 'relation', type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_]*\\.[A-Za-z][A-Za-z0-9_]*$', title: 'Records', description: 'The records that are counted, and their reference that leads here, such as purchase.member.' },
        count: { const: true, title: 'Count', description: 'How many records there are.' },
        sum: { ...ofField, title: 'Sum', description: 'The sum of this field.' },
        avg: { ...ofField, title: 'Average', description: 'The average of this field.' },
        min: { ...ofField, title: 'Smallest', description: 'The smallest value of this field.' },
        max: { ...ofField, title: 'Largest', description: 'The largest value of this field.' },
        first: { ...ofField, title: 'First', description: 'The value of this field in the first record.' },
        last: { ...ofField, title: 'Last', description: 'The value of this field in the last record.' },
        by: { ...ofField, title: 'In the order of', description: 'The field that says which record is the first and the last; without it: the order in which they were entered.' },
        subtree: { const: true, title: 'With all below', description: 'Records that refer to one below this in its tree count as well: the products of a category and of all its parts.' },
        where: { $comment: 'condition', type: 'object', title: 'Only where', description: 'A condition on those records; without it all of them count.' },
        scale: { type: 'integer', minimum: 0, maximum: 9, default: 2, title: 'Digits after the point', description: 'Of an average of whole numbers.' },
      },
      ['of'],
    ),
    oneOf: rollupMeasures.map((measure) => ({ required: [measure] })),
  },
  settings: (crm) => picked(crm, ['of', ...rollupMeasures, 'by', 'subtree', 'where', 'scale']),
  derive: (settings, _property, around) => {
    const [entity = '', via = ''] = textIn(settings.of).split('.')
    const measure = rollupMeasures.find((name) => settings[name] !== undefined)
    const faulty = relationProblem(around, entity, via)
    if (measure === undefined || faulty !== undefined) return { at: 'of', problem: faulty ?? formulaFault('counts') }
    if (settings.subtree === true && !around.isTree()) return { at: 'subtree', problem: formulaFault('noTree', { entity: around.entity }) }
    return derived(settings, { measure, entity, via }, around)
  },
}

function relationProblem(around: Surroundings, entity: string, via: string): string | undefined {
  if (around.keysOf(entity) === undefined) return formulaFault('noEntity', { found: entity })
  const found = around.field(entity, via)
  if ('problem' in found) return found.problem
  return found.type.link?.(found.options).to === around.entity ? undefined : formulaFault('leadsElsewhere', { found: `${entity}.${via}`, entity: around.entity })
}

interface Counted {
  readonly measure: RollupMeasure
  readonly entity: string
  readonly via: string
}

function derived(settings: JsonObject, { measure, entity, via }: Counted, around: Surroundings): Derivation {
  const field = measure === 'count' ? null : textIn(settings[measure])
  const source = field === null ? undefined : around.field(entity, field)
  if (source !== undefined && 'problem' in source) return { at: measure, problem: source.problem }
  const shape = rollupShape(measure, source, settings.scale)
  if (shape === undefined || shape.type.columns(shape.options).length === 0) return { at: measure, problem: formulaFault('noMeasure', { write: measure, found: `${entity}.${field ?? ''}` }) }
  const by = typeof settings.by === 'string' ? settings.by : null
  const order = by === null ? undefined : around.field(entity, by)
  if (order !== undefined && 'problem' in order) return { at: 'by', problem: order.problem }
  if (order !== undefined && order.type.sortColumn(order.options) === null) return { at: 'by', problem: formulaFault('noOrder', { found: by ?? '' }) }
  const where = isObject(settings.where) ? settings.where : null
  const asked = where === null ? { keys: [], moving: false } : conditionOf(where, entity, around)
  if ('problem' in asked) return { at: 'where', problem: asked.problem }
  return { shape, derived: { kind: 'rollup', as: 'rollup', entity, via, subtree: settings.subtree === true, measure, field, by, where, asked: asked.keys, moving: asked.moving } }
}

/** The fields that a condition names: those of the counted records themselves, so that it is decided by each record alone. */
function conditionOf(where: JsonObject, entity: string, around: Surroundings): { readonly keys: readonly string[]; readonly moving: boolean } | { readonly problem: string } {
  let tree: Tree
  try {
    tree = readTree(where)
  } catch (error) {
    if (error instanceof ConditionError) return { problem: `The condition cannot be read: ${error.message}.` }
    throw error
  }
  if (placeholdersIn(tree).size > 0) return { problem: formulaFault('everybody') }
  const keys = new Set<string>()
  let moving = false
  for (const leaf of leavesOf(tree)) {
    const [key = '', ...rest] = leaf.path
    if (leaf.kind !== 'value' || rest.length > 0) return { problem: formulaFault('ownFields', { entity, found: leaf.path.join('.') }) }
    if (isTreeOperator(leaf.operator)) return { problem: formulaFault('asksTree') }
    if (leaf.operator === '$segment') return { problem: formulaFault('asksSegment') }
    const found = around.field(entity, key)
    if ('problem' in found) return { problem: found.problem }
    keys.add(key)
    moving ||= [leaf.operand].flat().some((operand: Json) => typeof operand === 'string' && isRelative(operand)) && ['date', 'instant'].includes(found.type.columns(found.options)[0]?.kind ?? '')
  }
  return { keys: [...keys], moving }
}

const leavesOf = (tree: Tree): readonly Exclude<Tree, { kind: 'all' | 'any' }>[] => (tree.kind === 'all' || tree.kind === 'any' ? tree.of.flatMap(leavesOf) : [tree])

