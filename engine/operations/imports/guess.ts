/** Which column goes to which field, guessed from what stands above it, in any language that the definitions have. */
import type { Model } from '../../model/model.js'
import type { EntityAccess } from '../../permissions/access.js'
import type { Access } from '../../permissions/access.js'
import type { SourceRow } from './files/reading.js'
import type { ColumnSetting } from './settings.js'

/** @param rows a few rows with data, to tell ids from names */
export function guessColumns(model: Model, access: Access, entity: EntityAccess, titles: readonly string[], rows: readonly SourceRow[]): readonly ColumnSetting[] {
  const names = fieldNames(model, access, entity)
  const taken = new Set<string>()
  return titles.flatMap((title, column) => {
    const found = names.get(plain(title))
    if (found === undefined || taken.has(found.field)) return []
    taken.add(found.field)
    const cells = rows.map(({ cells: { [column]: cell = '' } }) => cell.trim()).filter((cell) => cell !== '')
    const ids = found.link && found.by === '' && cells.length > 0 && cells.every((cell) => /^[1-9]\d*$/.test(cell))
    return [{ column, field: found.field, by: ids ? 'id' : found.by }]
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

/** Without what people write differently: case, spaces, punctuation. */
const plain = (name: string): string => name.normalize('NFKC').toLowerCase().replace(/[\s_./\-–—:：*（）()]+/g, '')
