/** What begins a workflow, and what is known of its beginning. Pure. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { listOf, objectOf, textOf } from '../draft/definitions.js'

/** What happens to records that a workflow may begin with. */
export const verbs = ['created', 'changed', 'transitioned', 'archived', 'restored'] as const
export type Verb = (typeof verbs)[number]

/** What happens to records by a segment that they are in or not. */
export const segmentVerbs = ['entered', 'left'] as const
export type SegmentVerb = (typeof segmentVerbs)[number]

export type Begin =
  /** Something happens to a record; `keys` lead from the workflow to its filter. */
  | { readonly kind: 'record'; readonly entity: string; readonly verb: Verb; readonly fields: readonly string[]; readonly where: JsonObject | null; readonly keys: readonly string[] }
  /** A record comes into a segment, or goes out of it. */
  | { readonly kind: 'segment'; readonly entity: string; readonly verb: SegmentVerb; readonly segment: string; readonly keys: readonly string[] }
  /** An event that another workflow sends, or whose type nobody here knows. */
  | { readonly kind: 'event'; readonly type: string }
  | { readonly kind: 'cron'; readonly cron: string }
  | { readonly kind: 'every'; readonly every: Json }
  | { readonly kind: 'after'; readonly after: Json }
  /** A signed message of another system. */
  | { readonly kind: 'hook'; readonly secret: string; readonly scheme: string }
  /** By hand; `entity` when it is about a record. */
  | { readonly kind: 'hand'; readonly entity: string }

/** Everything that a workflow begins with: several where it waits for one of several events. Never empty. */
export function beginsOf(workflow: JsonObject): readonly Begin[] {
  const { on, cron, every, after, hook } = objectOf(workflow['schedule'])
  const { one, any } = objectOf(on)
  const filters = one !== undefined ? [[one, ['schedule', 'on', 'one', 'with']] as const] : listOf(any).map((filter, index) => [filter, ['schedule', 'on', 'any', String(index), 'with']] as const)
  const begins: Begin[] = filters.map(([filter, keys]) => eventBegin(objectOf(objectOf(filter)['with']), keys))
  if (typeof cron === 'string') begins.push({ kind: 'cron', cron })
  if (every !== undefined) begins.push({ kind: 'every', every })
  if (after !== undefined) begins.push({ kind: 'after', after })
  if (hook !== undefined) begins.push({ kind: 'hook', secret: textOf(objectOf(hook)['secret']), scheme: textOf(objectOf(hook)['scheme']) || 'standard' })
  return begins.length > 0 ? begins : [{ kind: 'hand', entity: textOf(objectOf(objectOf(workflow['document'])['metadata'])['entity']) }]
}

function eventBegin(wanted: JsonObject, keys: readonly string[]): Begin {
  const type = textOf(wanted['type'])
  const [, entity = '', verb = ''] = /^crm\.(\w+)\.(\w+)$/.exec(type) ?? []
  const bySegment = segmentVerbs.find((one) => one === verb)
  if (bySegment !== undefined) return { kind: 'segment', entity, verb: bySegment, segment: textOf(wanted['segment']), keys }
  const known = verbs.find((one) => one === verb)
  if (known === undefined) return { kind: 'event', type }
  const fields = listOf(wanted['fields']).flatMap((field) => (typeof field === 'string' ? [field] : []))
  return { kind: 'record', entity, verb: known, fields, where: wanted['where'] === undefined ? null : objectOf(wanted['where']), keys }
}

/** The entity whose record a run is about; '' when it is about none, or about records of several. */
export function subjectOf(workflow: JsonObject): string {
  const names = new Set(beginsOf(workflow).map((begin) => (begin.kind === 'record' || begin.kind === 'segment' || begin.kind === 'hand' ? begin.entity : '')))
  const [name = ''] = names
  return names.size === 1 ? name : ''
}

/** What leads in an expression to the beginning: its `id` and `record` stand below. */
export const subjectPath = (workflow: JsonObject): string => (['hand', 'hook'].includes(beginsOf(workflow)[0]?.kind ?? '') ? 'workflow.input' : 'workflow.input[0].data')

/** A time table that says one moment of a day or week; null for any other. */
export function simpleCron(cron: string): { readonly hour: number; readonly minute: number; readonly weekday: number | null } | null {
  const [, minute, hour, weekday] = /^(\d{1,2}) (\d{1,2}) \* \* ([0-6]|\*)$/.exec(cron.trim()) ?? []
  if (minute === undefined || hour === undefined || Number(minute) > 59 || Number(hour) > 23) return null
  return { hour: Number(hour), minute: Number(minute), weekday: weekday === '*' || weekday === undefined ? null : Number(weekday) }
}

export const cronOf = (hour: number, minute: number, weekday: number | null): string => `${minute} ${hour} * * ${weekday ?? '*'}`
