/** The guided first hour: its steps, and how each is noticed in what was changed. Pure, but for what the browser remembers of it. */
import { isObject, type Json } from '../../../metadata/contract/json.js'
import type { Documents } from '../draft/operations.js'
import type { DefinitionChange } from '../words.js'

export const hourSteps = ['field', 'form', 'colour', 'rule', 'publish', 'back'] as const
export type HourStep = (typeof hourSteps)[number]

/** Where somebody is in it. */
export interface Hour {
  /** The version that was in force when it began. */
  readonly start: number
  readonly done: readonly HourStep[]
  /** False while it is left. */
  readonly open: boolean
}

/**
 * The steps that are done, those from before among them: taking everything back does not undo the way.
 * @param changes what differs between the version at the start and the draft
 */
export function noticed({ start, done }: Hour, version: number, changes: readonly DefinitionChange[], documents: Documents): readonly HourStep[] {
  const fields = changes.filter(({ path, before }) => before === undefined && /^[^/]+\/entity\.json#\/properties\/[^/]+$/.test(path))
  const found: Readonly<Record<HourStep, boolean>> = {
    field: fields.length > 0,
    form: fields.some(({ path }) => isOnForm(path, documents)),
    colour: changes.some(({ path, before, after }) => path.includes('/entity.json#/properties/') && (/\/options\/[^/]+\/color$/.test(path) || count(after, 'color') > count(before, 'color'))),
    rule: changes.some(({ path, before, after }) => /\/(?:requiredWhen|rules|rule)(?:\/|$)/.test(path) || ruleWords.some((word) => count(after, word) > count(before, word))),
    publish: version > start,
    back: version > start + 1 && changes.length === 0,
  }
  return hourSteps.filter((step) => done.includes(step) || found[step])
}

const ruleWords = ['rule', 'requiredWhen'] as const

/** The form has its control; an entity without a form of its own shows every field. */
function isOnForm(path: string, documents: Documents): boolean {
  const [entity = '', key = ''] = [path.split('/')[0], path.split('/').at(-1)]
  const form = documents[`${entity}/form.default.json`]
  return form === undefined || JSON.stringify(form).includes(`"#/properties/${key}"`)
}

/** How often a keyword stands in a value. */
function count(value: Json | undefined, word: string): number {
  if (Array.isArray(value)) return (value as readonly Json[]).reduce((sum: number, one) => sum + count(one, word), 0)
  if (!isObject(value)) return 0
  return Object.entries(value).reduce((sum, [key, inner]) => sum + (key === word ? 1 : 0) + count(inner, word), 0)
}

const keyOf = (user: number): string => `tessera.first-hour.${String(user)}`

/** Null where none was begun, or the browser keeps nothing. */
export function keptHour(user: number): Hour | null {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(user)) ?? 'null') as Json
    if (!isObject(kept) || typeof kept['start'] !== 'number') return null
    const done = Array.isArray(kept['done']) ? (kept['done'] as readonly Json[]) : []
    return { start: kept['start'], done: hourSteps.filter((step) => done.includes(step)), open: kept['open'] === true }
  } catch {
    return null
  }
}

export function keepHour(user: number, hour: Hour): void {
  try {
    localStorage.setItem(keyOf(user), JSON.stringify(hour))
  } catch {
    // Local storage is forbidden or full: it goes on until the page is left.
  }
}
