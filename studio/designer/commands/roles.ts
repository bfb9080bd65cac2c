/** Everything that is done to a role: made, put away, put back to its pack, and what it grants. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { everyOther, fieldGrant, grantOn, rolePath, ruleOf, type FieldAction, type FieldGrant, type GrantAction } from '../access/grants.js'
import { pointer, type Documents, type Operation } from '../draft/operations.js'
import { setValue } from './set-value.js'

export interface NewRole {
  readonly name: string
  readonly title: string
  readonly description: string
  /** Names of the roles whose grants it has too. */
  readonly inherits: readonly string[]
  /** Name of a role that it begins as a copy of; '' for none. */
  readonly like: string
  /** Language → title. */
  readonly titles: Readonly<Record<string, string>>
}

export function addRole(documents: Documents, { name, title, description, inherits, like, titles }: NewRole): readonly Operation[] {
  const path = rolePath(name)
  if (documents[path] !== undefined) return []
  const { title: _title, description: _description, archived: _archived, tests: _tests, ...copied } = documents[rolePath(like)] ?? {}
  const role: JsonObject = { $schema: '/schemas/role.json', title, ...(description === '' ? {} : { description }), ...(like === '' ? { ...(inherits.length === 0 ? {} : { inherits }), entities: {} } : copied) }
  const translations = Object.entries(titles).flatMap(([tag, text]) => (text.trim() === '' ? [] : setValue(documents, [`texts/${tag}.json`, path, '/title'], text.trim())))
  return [{ op: 'add', path: pointer(path), value: role }, ...translations]
}

/** A title, a description, a list of inherited roles, a switch. */
export const setRoleKeyword = (documents: Documents, role: string, keyword: string, value: Json | undefined): readonly Operation[] =>
  setValue(documents, [rolePath(role), keyword], value)

/** A role that is put away grants nothing; who holds it keeps its name, so that it can come back. */
export const archiveRole = (documents: Documents, role: string, archived: boolean): readonly Operation[] =>
  setValue(documents, [rolePath(role), 'archived'], archived ? true : undefined)

/** For a role that exists only in this draft. */
export function removeRole(documents: Documents, role: string): readonly Operation[] {
  const path = rolePath(role)
  const texts = Object.keys(documents).flatMap((document): readonly Operation[] => (document.startsWith('texts/') ? setValue(documents, [document, path], undefined) : []))
  return documents[path] === undefined ? [] : [...texts, { op: 'remove', path: pointer(path) }]
}

/** Puts a place of a role (all of it without keys) back to what the layers below say; `below` undefined: they say nothing. */
export const resetRole = (documents: Documents, role: string, place: readonly string[], below: Json | undefined): readonly Operation[] =>
  setValue(documents, [rolePath(role), ...place], below)

/** Something that must stay so, under its sentence. */
export const addTest = (documents: Documents, role: string, name: string, test: JsonObject): readonly Operation[] => setValue(documents, [rolePath(role), 'tests', name], test)

export const removeTest = (documents: Documents, role: string, name: string): readonly Operation[] => setValue(documents, [rolePath(role), 'tests', name], undefined)

/** Where a rule stands. */
export interface RulePlace {
  readonly role: string
  readonly entity: string
  readonly action: GrantAction
}

/** Gives or takes an action. What a role says about an entity stands for all it says of it: what it had by `*` is written down with it. */
export function setRule(documents: Documents, { role, entity, action }: RulePlace, rule: Json): readonly Operation[] {
  const grant = grantOn(documents[rolePath(role)], entity)
  if (JSON.stringify(grant.rules[action] ?? false) === JSON.stringify(rule)) return []
  if (grant.by === 'named' || entity === everyOther || grant.by === 'none') return setValue(documents, [rolePath(role), 'entities', entity, action], rule)
  return setValue(documents, [rolePath(role), 'entities', entity], { ...grant.rules, [action]: rule })
}

/** Gives the action on all records and fields, or takes it, depending on what there is. */
export function toggleRule(documents: Documents, place: RulePlace): readonly Operation[] {
  const has = ruleOf(grantOn(documents[rolePath(place.role)], place.entity), place.action) !== null
  return setRule(documents, place, !has)
}

/** Narrows the rows of a granted action; undefined takes the limit away. `part`: a condition, or the reference whose rights it follows. */
export function setRows(documents: Documents, place: RulePlace, part: 'where' | 'follows', value: Json | undefined): readonly Operation[] {
  const rule = ruleOf(grantOn(documents[rolePath(place.role)], place.entity), place.action)
  if (rule === null) return []
  const { [part]: _was, ...rest } = rule === true ? {} : rule
  return setRule(documents, place, plain(value === undefined ? rest : { ...rest, [part]: value }))
}

/** Says for one field of a granted action whether it is granted; `*` for all that are not named. */
export function setFieldGrant(documents: Documents, place: RulePlace & { readonly action: FieldAction }, key: string, granted: FieldGrant): readonly Operation[] {
  const rule = ruleOf(grantOn(documents[rolePath(place.role)], place.entity), place.action)
  if (rule === null || fieldGrant(rule, key) === granted) return []
  const { fields, ...rest } = rule === true ? ({} as JsonObject) : rule
  const named: JsonObject = Array.isArray(fields) ? Object.fromEntries((fields as readonly string[]).map((key) => [key, true])) : isObject(fields) ? fields : { [everyOther]: true }
  return setRule(documents, place, plain({ ...rest, fields: tidy({ ...named, [key]: granted }) }))
}

/** Fields as they are written by hand: a plain list where only some are granted in full. */
function tidy(named: JsonObject): Json {
  const { [everyOther]: others = false, ...rest } = named
  const keys = Object.keys(rest).filter((key) => rest[key] !== false)
  if (others === false && keys.every((key) => rest[key] === true)) return keys
  return { [everyOther]: others, ...Object.fromEntries(Object.entries(rest).filter(([, granted]) => !(granted === false && others === false))) }
}

/** A rule that limits nothing is just `true`. */
function plain(rule: JsonObject): Json {
  const { fields, ...rows } = rule
  const all = isObject(fields) && fields[everyOther] === true && Object.keys(fields).length === 1
  const kept = all ? rows : rule
  return Object.keys(kept).length === 0 ? true : kept
}
