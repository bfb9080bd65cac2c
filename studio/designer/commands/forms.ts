/** The forms of an entity: which there are, for whom, in which order, new ones and copies. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { isName, listOf, objectOf, textLanguages, textOf, titleFrom, translated } from '../draft/definitions.js'
import { pointer, type Documents, type Operation } from '../draft/operations.js'
import { formPath } from '../screens/form-tree.js'
import { setValue } from './set-value.js'

/** The form of those for whom no other one is meant. */
export const usualForm = 'default'

export interface FormDraft {
  readonly name: string
  readonly path: string
  /** '' where it has none of its own. */
  readonly title: string
  readonly roles: readonly string[]
  /** Last part of its address for people without an account; '' for a form that is not public. */
  readonly address: string
}

/** In the order in which they are looked through: those for roles, then the usual one, then those that nobody gets inside. */
export function formsOf(documents: Documents, entity: string, language: string): readonly FormDraft[] {
  const start = `${entity}/form.`
  const positions = new Map<string, number>()
  const forms = Object.entries(documents).flatMap(([path, document]): readonly FormDraft[] => {
    if (!path.startsWith(start) || !path.endsWith('.json')) return []
    const name = path.slice(start.length, -'.json'.length)
    if (typeof document['position'] === 'number') positions.set(name, document['position'])
    const title = translated(documents, language, path, '/title') || textOf(document['title']) || (name === usualForm ? '' : titleFrom(name))
    return [{ name, path, title, roles: listOf(document['roles']).map(textOf), address: textOf(objectOf(document['public'])['address']) }]
  })
  const group = (form: FormDraft): number => (isForRoles(form) ? 0 : form.name === usualForm ? 1 : 2)
  const position = ({ name }: FormDraft): number => positions.get(name) ?? Number.MAX_SAFE_INTEGER
  return forms.toSorted((a, b) => group(a) - group(b) || position(a) - position(b) || (a.name < b.name ? -1 : 1))
}

export const isForRoles = ({ roles, address }: FormDraft): boolean => roles.length > 0 && address === ''

/** Nothing when the name cannot be one or is taken. */
export function addForm(documents: Documents, entity: string, name: string, document: JsonObject): readonly Operation[] {
  const path = formPath(entity, name)
  return !isName(name) || documents[path] !== undefined ? [] : [{ op: 'add', path: pointer(path), value: { $schema: '/schemas/form.json', ...document } }]
}

/** What is on the form, with its texts; whose it is and where it is offered stays with the other one. */
export function copyForm(documents: Documents, entity: string, from: string, name: string, title: string): readonly Operation[] {
  const source = formPath(entity, from)
  const { $schema: _schema, public: _public, roles: _roles, position: _position, ...shown } = objectOf(documents[source])
  const added = addForm(documents, entity, name, { ...shown, title })
  const texts = textLanguages(documents).flatMap((tag) => {
    const own = Object.entries(objectOf(documents[`texts/${tag}.json`]?.[source])).filter(([place]) => place.startsWith('/elements/'))
    return own.length === 0 ? [] : setValue(documents, [`texts/${tag}.json`, formPath(entity, name)], Object.fromEntries(own))
  })
  return added.length === 0 ? [] : [...added, ...texts]
}

/** Moves a form among those for roles, which all get a position. */
export function moveForm(documents: Documents, entity: string, name: string, by: -1 | 1): readonly Operation[] {
  const names = formsOf(documents, entity, 'en').filter(isForRoles).map((form) => form.name)
  const from = names.indexOf(name)
  const to = from + by
  if (from < 0 || to < 0 || to >= names.length) return []
  return names.toSpliced(from, 1).toSpliced(to, 0, name).flatMap((one, index) => setValue(documents, [formPath(entity, one), 'position'], index + 1))
}
