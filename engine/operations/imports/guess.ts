/** Which column goes to which field, guessed from what stands above it, in any language that the definitions have. */
import type { Entity, Model } from '../../model/model.js'
import type { EntityAccess } from '../../permissions/access.js'
import type { Access } from '../../permissions/access.js'
import type { SourceRow } from './files/reading.js'
import { meaningOf, plain } from './meaning.js'
import type { ColumnSetting } from './settings.js'

/**
 * First by what a field is called, then by what means the same (`usual-words.ts`), where only one field that is left does.
 * @param rows a few rows with data, to tell ids from names
 */
export function guessColumns(model: Model, access: Access, entity: EntityAccess, titles: readonly string[], rows: readonly SourceRow[]): readonly ColumnSetting[] {
  const taken = new Set<string>()
  const found = new Map<number, Named>()
  const take = (column: number, named: Named | null | undefined): void => {
    if (named === undefined || named === null || found.has(column) || taken.has(named.field)) return
    taken.add(named.field)
    found.set(column, named)
  }
  const names = fieldNames(model, access, entity)
  for (const [column, title] of titles.entries()) take(column, names.get(plain(title)))
  const own = entityTitles(model, entity.entity)
  const meanings = byMeaning(model, access, entity, names, taken, own)
  for (const [column, title] of titles.entries()) take(column, meanings.get(meaningOf(title, own)))
  return [...found].toSorted(([a], [b]) => a - b).map(([column, { field, by, link }]) => {
    const cells = rows.map(({ cells: { [column]: cell = '' } }) => cell.trim()).filter((cell) => cell !== '')
    const ids = link && by === '' && cells.length > 0 && cells.every((cell) => /^[1-9]\d*$/.test(cell))
    return { column, field, by: ids ? 'id' : by }
  })
}

interface Named {
  readonly field: string
  readonly by: string
  readonly link: boolean
}

/** Fields that the caller may set, under all their names. Keys win over titles, and both over titles of linked fields. */
function fieldNames(model: Model, access: Access, { entity, create, update }: EntityAccess): ReadonlyMap<string, Named> {
  const settable = [...entity.fields.values()].filter(({ key }) => key === 'id' || [...create, ...update].some(({ fields }) => fields.has(key)))
  const names = new Map<string, Named>()
  const put = (name: string, named: Named): void => {
    const key = plain(name)
    if (key !== '' && !names.has(key)) names.set(key, named)
  }
  const own = (key: string, link: boolean, by = ''): Named => ({ field: key, by, link })
  for (const { key, link, links } of settable) put(key, own(key, (link ?? links) !== null))
  for (const { key, link, links } of settable) for (const title of titlesOf(model, entity.name, key, entity.fields.get(key)?.title ?? key)) put(title, own(key, (link ?? links) !== null))
  for (const { key, link: one, links } of settable) {
    const link = one ?? links
    const target = link === null ? undefined : access.entity(link.to)
    if (target === undefined) continue
    for (const other of [target.entity.display, ...[...target.entity.fields.values()].filter(({ unique }) => unique).map((field) => field.key)]) {
      if (target.field(other)?.how !== 'full') continue
      for (const outer of [key, ...titlesOf(model, entity.name, key, entity.fields.get(key)?.title ?? key)]) {
        for (const inner of [other, ...titlesOf(model, target.entity.name, other, target.entity.fields.get(other)?.title ?? other)]) put(`${outer}.${inner}`, own(key, true, other))
      }
    }
  }
  return names
}

/** The title of a field in every language. */
function titlesOf(model: Model, entity: string, key: string, title: string): readonly string[] {
  const texts = [...model.texts.values()].map((table) => table[`${entity}/entity.json`]?.[`/properties/${key}/title`])
  return [title, ...texts.filter((text) => text !== undefined)]
}

/** Fields that are not taken yet by the meaning of their names, and of the records that they point to; null where several have it. */
function byMeaning(model: Model, access: Access, { entity }: EntityAccess, names: ReadonlyMap<string, Named>, taken: ReadonlySet<string>, own: readonly string[]): ReadonlyMap<string, Named | null> {
  const found = new Map<string, Named | null>()
  const put = (name: string, named: Named): void => {
    const meaning = meaningOf(name, own)
    const known = found.get(meaning)
    found.set(meaning, known === undefined || (known?.field === named.field && known.by === named.by) ? named : known?.field === named.field ? known : null)
  }
  for (const [name, named] of names) if (!taken.has(named.field) && named.field !== 'id') put(name, named)
  for (const { key, link, links } of entity.fields.values()) {
    const target = access.entity((link ?? links)?.to ?? '')?.entity
    if (target === undefined || taken.has(key) || names.get(plain(key))?.field !== key) continue
    for (const title of entityTitles(model, target)) {
      put(title, { field: key, by: '', link: true })
      for (const named of names.values()) {
        if (named.field !== key || named.by === '') continue
        // A store's field may be called `Store number` or only `Number`.
        for (const inner of titlesOf(model, target.name, named.by, target.fields.get(named.by)?.title ?? named.by)) put(inner.startsWith(title) ? inner : `${title}${inner}`, named)
      }
    }
  }
  return found
}

/** What the records of an entity are called, in every language. */
function entityTitles(model: Model, { name, title, plural }: Entity): readonly string[] {
  const texts = [...model.texts.values()].flatMap((table) => ['/title', '/crm/plural'].map((place) => table[`${name}/entity.json`]?.[place]))
  return [...new Set([name, title, plural, ...texts.filter((text) => text !== undefined)])]
}
