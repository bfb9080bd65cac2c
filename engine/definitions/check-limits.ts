/** Can time limits be kept: are there fields to keep them in, people to tell, and hours to count? */
import { secondsIn } from '../../metadata/contract/duration.js'
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { isTimeZone } from '../../metadata/contract/time.js'
import type { Finding } from '../errors.js'
import { finding } from '../model/findings.js'
import type { Entity, Model } from '../model/model.js'
import { momentKind } from '../model/moment.js'
import { pointer } from '../model/paths.js'

/** Findings of the limits of a lifecycle, which has the right shape. */
export function limitFindings(at: string, document: JsonObject, entity: Entity, model: Model): readonly Finding[] {
  const states = isObject(document.states) ? Object.entries(document.states) : []
  const kept = isObject(document.sla) ? fieldFindings(`${at}/sla`, document.sla, entity) : []
  return [...kept, ...states.flatMap(([name, state]) => {
    const place = `${at}/states${pointer(name, 'sla')}`
    const { sla } = isObject(state) ? state : {}
    if (!isObject(sla)) return []
    return [...(isObject(document.sla) ? [] : [wrong(place, 'the lifecycle does not say in which fields it is kept')]), ...timeFindings(place, sla, model)]
  })]
}

function fieldFindings(place: string, { until, breached, to }: JsonObject, entity: Entity): readonly Finding[] {
  const field = (key: Json | undefined) => (typeof key === 'string' ? entity.fields.get(key) : undefined)
  const settable = (key: Json | undefined): boolean => field(key)?.readOnly === false
  const people = field(to)
  return [
    ...(typeof until === 'string' && settable(until) && momentKind(entity, until) === 'instant' ? [] : [wrong(`${place}/until`, `“${named(until)}” is no moment that can be set`)]),
    ...(typeof breached === 'string' && settable(breached) && entity.validatePatch({ [breached]: true }).findings.length === 0 ? [] : [wrong(`${place}/breached`, `“${named(breached)}” is no yes/no field that can be set`)]),
    ...((people?.link ?? people?.links)?.to === 'user' ? [] : [wrong(`${place}/to`, `“${named(to)}” names no people`)]),
  ]
}

function timeFindings(place: string, { within, calendar }: JsonObject, model: Model): readonly Finding[] {
  const seconds = typeof within === 'string' ? secondsIn(within) : undefined
  return [
    ...(seconds !== undefined && seconds > 0 ? [] : [wrong(`${place}/within`, `“${named(within)}” is no length of time`)]),
    ...(typeof calendar !== 'string' || model.calendars.has(calendar) ? [] : [wrong(`${place}/calendar`, `there is no calendar “${calendar}”`)]),
  ]
}

const named = (value: Json | undefined): string => (typeof value === 'string' ? value : '')
const wrong = (place: string, reason: string): Finding => finding(place, 'lifecycle.sla', { reason })

/** Findings of a calendar, which has the right shape. */
export function calendarFindings(path: string, document: JsonObject): readonly Finding[] {
  const { timeZone, hours } = document
  const zone = typeof timeZone === 'string' && !isTimeZone(timeZone) ? [finding(`${path}#/timeZone`, 'layer.timeZone', { timeZone })] : []
  return [...zone, ...Object.entries(isObject(hours) ? hours : {}).flatMap(([day, spans]) => (Array.isArray(spans) ? spanFindings(`${path}#/hours/${day}`, day, spans as readonly Json[]) : []))]
}

/** Texts such as `08:30` are in the order of the clock. */
function spanFindings(place: string, day: string, spans: readonly Json[]): readonly Finding[] {
  const times = spans.map((span) => (isObject(span) ? { from: named(span.from), to: named(span.to) } : { from: '', to: '' }))
  return times.flatMap(({ from, to }, i) => {
    const overlaps = times.some((other, k) => k !== i && other.from < to && from < other.to)
    return from < to && !overlaps ? [] : [finding(`${place}/${String(i)}`, 'calendar.hours', { day, from, to })]
  })
}
