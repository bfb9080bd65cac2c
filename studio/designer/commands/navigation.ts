/** Changes the side bar: its groups, their order, what stands in them, and for which roles. A group's titles in other languages go where it goes. */
import type { Json } from '../../../metadata/contract/json.js'
import { isObject, type JsonObject } from '../../../metadata/contract/json.js'
import { listOf, objectOf, textLanguages, textOf } from '../draft/definitions.js'
import { applyAll, type Documents, type Operation } from '../draft/operations.js'
import { setValue } from './set-value.js'

export interface NavigationGroup {
  readonly title: string
  readonly entities: readonly string[]
  /** Who has it; empty: everybody who may read one of them. */
  readonly roles: readonly string[]
  /** Language → title. */
  readonly titles: Readonly<Record<string, string>>
}

/** Where an entity stands: the group and the place in it. */
export interface Stand {
  readonly group: number
  readonly index: number
}

const path = 'layer.json'
const titlePlace = (index: number): string => `/navigation/${String(index)}/title`
const texts = (value: Json | undefined): readonly string[] => listOf(value).map(textOf).filter((text) => text !== '')

export function readNavigation(documents: Documents): readonly NavigationGroup[] {
  return listOf(documents[path]?.['navigation']).map((value, index) => {
    const group = objectOf(value)
    const titles = textLanguages(documents).flatMap((tag) => {
      const title = textOf(objectOf(documents[`texts/${tag}.json`]?.[path])[titlePlace(index)])
      return title === '' ? [] : [[tag, title] as const]
    })
    return { title: textOf(group['title']), entities: texts(group['entities']), roles: texts(group['roles']), titles: Object.fromEntries(titles) }
  })
}

/** Gives the side bar what `edit` makes of it. Without a group every entity is listed. */
export function changeNavigation(documents: Documents, edit: (groups: readonly NavigationGroup[]) => readonly NavigationGroup[]): readonly Operation[] {
  const before = readNavigation(documents)
  const next = edit(before)
  if (next === before) return []
  const written = next.map(({ title, entities, roles }): JsonObject => ({ title, entities, ...(roles.length === 0 ? {} : { roles }) }))
  const steps = [
    (now: Documents) => setValue(now, [path, 'navigation'], written.length === 0 ? undefined : written),
    ...textLanguages(documents).flatMap((tag) => Array.from({ length: Math.max(before.length, next.length) }, (_, index) => (now: Documents): readonly Operation[] => {
      const title = next[index]?.titles[tag]
      return isObject(now[`texts/${tag}.json`]?.[path]) || title !== undefined ? setValue(now, [`texts/${tag}.json`, path, titlePlace(index)], title) : []
    })),
  ]
  return steps.reduce<readonly Operation[]>((done, step) => [...done, ...step(applyAll(documents, done))], [])
}

export const changeGroup = (groups: readonly NavigationGroup[], index: number, change: Partial<NavigationGroup>): readonly NavigationGroup[] => groups.map((group, at) => (at === index ? { ...group, ...change } : group))

/** Puts a group among the others. */
export function moveGroup(groups: readonly NavigationGroup[], from: number, to: number): readonly NavigationGroup[] {
  const group = groups[from]
  return group === undefined || to < 0 || to >= groups.length || to === from ? groups : groups.toSpliced(from, 1).toSpliced(to, 0, group)
}

/** Puts an entity at a place of a group: from another place, or, with null, from those that stand nowhere. An entity stands in a group once. */
export function putEntity(groups: readonly NavigationGroup[], name: string, from: Stand | null, to: Stand): readonly NavigationGroup[] {
  const without = from === null ? groups : changeGroup(groups, from.group, { entities: (groups[from.group]?.entities ?? []).toSpliced(from.index, 1) })
  const target = without[to.group]
  if (target === undefined || target.entities.includes(name)) return groups
  return changeGroup(without, to.group, { entities: target.entities.toSpliced(Math.min(to.index, target.entities.length), 0, name) })
}

/** One step up or down; at the edge of its group into the next one. */
export function stepEntity(groups: readonly NavigationGroup[], name: string, { group, index }: Stand, by: 1 | -1): readonly NavigationGroup[] {
  const size = groups[group]?.entities.length ?? 0
  if (index + by >= 0 && index + by < size) return putEntity(groups, name, { group, index }, { group, index: index + by })
  const next = groups[group + by]
  return next === undefined ? groups : putEntity(groups, name, { group, index }, { group: group + by, index: by === 1 ? 0 : next.entities.length })
}
