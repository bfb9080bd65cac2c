/** Which records count a record: the one that it refers to and, for rollups over a subtree, all above that one in its tree. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { derivationsOf, type Derivations, type RollupField } from '../../model/computed/derivations.js'
import type { Entity } from '../../model/model.js'
import { treeField } from '../../model/tree.js'
import type { Executor } from '../../storage/contract.js'
import { holdTree, waysUp } from '../../storage/hierarchy.js'
import { same, type Due, type Owners } from './due.js'
import type { Writing, Written } from './writing.js'

/**
 * First of all in a unit that writes records of an entity: the trees that are concerned are held, before any record is.
 * `adds`: records come in; `moves`: records of the tree may get another parent, or go; `changes`: neither.
 */
export async function holdTrees(tx: Executor, model: Writing['model'], entity: Entity, how: 'adds' | 'moves' | 'changes'): Promise<void> {
  const own = how !== 'changes' && treeField(entity) !== undefined
  if (own) await holdTree(tx, entity, how === 'moves' ? 'change' : 'look')
  const feeds = derivationsOf(model).get(entity.name)?.feeds ?? []
  const counting = new Set(feeds.flatMap(({ entity: name, derived }) => (derived.subtree && !(own && name === entity.name) ? [name] : [])))
  for (const name of [...counting].toSorted()) {
    const target = model.entities.get(name)
    if (target !== undefined) await holdTree(tx, target, 'look')
  }
}

/** Ids to be known of, by the entity that they belong to. */
class Asked {
  readonly byEntity = new Map<string, Set<number>>()

  add(entity: string, id: unknown): void {
    if (typeof id === 'number') this.byEntity.set(entity, (this.byEntity.get(entity) ?? new Set()).add(id))
  }
}

/** For written records; one statement for each tree that they concern. */
export async function ownersFor(tx: Executor, writing: Writing, written: readonly Written[]): Promise<Owners> {
  const derivations = derivationsOf(writing.model)
  const asked = new Asked()
  for (const { entity, before, after } of written) {
    for (const { entity: name, derived } of derivations.get(entity.name)?.feeds ?? []) {
      if (derived.subtree) for (const record of [before, after]) asked.add(name, record?.[derived.via])
    }
    for (const parent of leftAndReached(derivations, { entity, before, after })) asked.add(entity.name, parent)
  }
  return above(tx, writing, asked)
}

/** For what some records are referred to by. */
export function ownersOf(tx: Executor, writing: Writing, rollup: RollupField, ids: readonly number[]): Promise<Owners> {
  const asked = new Asked()
  if (rollup.derived.subtree) for (const id of ids) asked.add(rollup.entity, id)
  return above(tx, writing, asked)
}

async function above(tx: Executor, writing: Writing, asked: Asked): Promise<Owners> {
  const known = new Map<string, ReadonlyMap<number, readonly number[]>>()
  for (const [name, ids] of [...asked.byEntity].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const entity = writing.model.entities.get(name)
    if (entity !== undefined) known.set(name, await waysUp(tx, entity, [...ids]))
  }
  return (rollup, id) => (rollup.derived.subtree ? (known.get(rollup.entity)?.get(id) ?? []) : [id])
}

/** A record that moved takes along what all above it counted: on both ways it is counted anew. */
export function noteMoved(due: Due, derivations: Derivations, written: Written, owners: Owners): void {
  const parents = leftAndReached(derivations, written)
  if (parents.length === 0) return
  for (const rollup of derivations.get(written.entity.name)?.rollups ?? []) {
    if (rollup.derived.subtree) for (const parent of parents) for (const owner of owners(rollup, parent)) due.anew(rollup, owner)
  }
}

/** The parents of a record of a tree before and after it moved, or went for good. Nothing stands below a new one yet. */
function leftAndReached(derivations: Derivations, { entity, before, after }: Pick<Written, 'entity' | 'before' | 'after'>): readonly number[] {
  const tree = before !== null && derivations.get(entity.name)?.rollups.some(({ derived }) => derived.subtree) === true ? treeField(entity) : undefined
  if (tree === undefined || before === null || (after !== null && same(before[tree.key], after[tree.key]))) return []
  return [before, after].flatMap((record: JsonObject | null) => { const parent = record?.[tree.key]; return typeof parent === 'number' ? [parent] : [] })
}
