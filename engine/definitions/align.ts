/**
 * Three sets of definitions in which the same entities and fields are called the same, so that they can be merged by name: what
 * one side renamed is followed by the others. Things are known by their identity (`crm.id`).
 */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import type { Documents } from '../model/model.js'
import { pointer } from '../model/paths.js'
import { rewriteReferences } from './references.js'
import { identity } from './rename.js'

export interface Three<T> {
  readonly base: T
  readonly mine: T
  readonly theirs: T
}

/** Both renamed the same thing differently, or a new name of theirs is taken: the names it has. */
export interface NameConflict extends Three<string> {
  /** `member/entity.json#/properties/town`, by my name. */
  readonly path: string
}

/** All three by the names that count: mine where I renamed, else theirs. `prefer` decides where both did. */
export function aligned(three: Three<Documents>, prefer: (path: string) => 'mine' | 'theirs'): Three<Documents> & { readonly conflicts: readonly NameConflict[] } {
  const conflicts: NameConflict[] = []
  const entities = chosenNames(mapThree(three, entityNames), (name) => `${name}/entity.json#`, prefer, conflicts)
  const named = mapThree(three, (documents, side) => renameEntities(documents, entities[side]))
  const shared = Object.keys(named.base).filter((path) => path.endsWith('/entity.json') && named.mine[path] !== undefined && named.theirs[path] !== undefined)
  const fields = shared.map((path) => [path, chosenNames(mapThree(named, (documents) => fieldNames(documents[path])), (key) => `${path}#${pointer('properties', key)}`, prefer, conflicts)] as const)
  return { ...mapThree(named, (documents, side) => renameFields(documents, new Map(fields.map(([path, names]) => [path, names[side]])))), conflicts }
}

type Side = keyof Three<unknown>

const mapThree = <A, B>({ base, mine, theirs }: Three<A>, to: (one: A, side: Side) => B): Three<B> => ({ base: to(base, 'base'), mine: to(mine, 'mine'), theirs: to(theirs, 'theirs') })

/** Identity → name. */
type Names = ReadonlyMap<string, string>
/** Name → the name to have; names that stay are left out. */
type Renames = ReadonlyMap<string, string>

const entityNames = (documents: Documents): Names => new Map(Object.entries(documents).flatMap(([path, document]) => {
  const name = /^([^/]+)\/entity\.json$/.exec(path)?.[1]
  return name === undefined ? [] : [[identity(document, name), name] as const]
}))

const fieldNames = (document: JsonObject | undefined): Names =>
  new Map(Object.entries(objectOf(document?.['properties'])).flatMap(([key, property]) => (isObject(property) ? [[identity(property, key), key] as const] : [])))

function chosenNames(names: Three<Names>, pathOf: (name: string) => string, prefer: (path: string) => 'mine' | 'theirs', conflicts: NameConflict[]): Three<Renames> {
  const finals = new Map([...names.theirs, ...names.mine])
  for (const [id, base] of names.base) {
    const [mine, theirs] = [names.mine.get(id), names.theirs.get(id)]
    if (mine === undefined || theirs === undefined || theirs === base || mine === theirs) continue
    const isTaken = [...finals].some(([other, name]) => other !== id && name === theirs)
    const bothRenamed = mine !== base
    if (bothRenamed || isTaken) conflicts.push({ path: pathOf(mine), base, mine, theirs })
    if (!isTaken && (!bothRenamed || prefer(pathOf(mine)) === 'theirs')) finals.set(id, theirs)
  }
  return mapThree(names, (own) => new Map([...own].filter(([id, name]) => (finals.get(id) ?? name) !== name).map(([id, name]) => [name, finals.get(id) ?? name])))
}

function renameEntities(documents: Documents, renames: Renames): Documents {
  if (renames.size === 0) return documents
  const rewritten = rewriteReferences(documents, { entity: (name) => renames.get(name) ?? name, field: (_entity, key) => key })
  return Object.fromEntries(Object.entries(rewritten).map(([path, document]) => {
    const [folder = '', file = ''] = path.split('/')
    const to = renames.get(folder)
    if (to === undefined || file === '') return [path, document]
    return [`${to}/${file}`, file === 'entity.json' ? identified(document, identity(document, folder), to) : document]
  }))
}

function renameFields(documents: Documents, renames: ReadonlyMap<string, Renames>): Documents {
  if ([...renames.values()].every(({ size }) => size === 0)) return documents
  const rewritten = rewriteReferences(documents, { entity: (name) => name, field: (entity, key) => renames.get(`${entity}/entity.json`)?.get(key) ?? key })
  return Object.fromEntries(Object.entries(rewritten).map(([path, document]) => {
    const own = renames.get(path)
    if (own === undefined || own.size === 0) return [path, document]
    const properties = Object.entries(objectOf(document['properties'])).map(([key, property]): readonly [string, Json] => {
      const to = own.get(key)
      return to === undefined || !isObject(property) ? [key, property] : [to, identified(property, identity(property, key), to)]
    })
    return [path, { ...document, properties: Object.fromEntries(properties) }]
  }))
}

/** The identity is written down only where it differs from the name. */
function identified(definition: JsonObject, id: string, name: string): JsonObject {
  const { crm: own, ...rest } = definition
  const { id: _id, ...others } = objectOf(own)
  const crm: JsonObject = id === name ? others : { ...others, id }
  return Object.keys(crm).length === 0 ? rest : { ...rest, crm }
}

const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {})
