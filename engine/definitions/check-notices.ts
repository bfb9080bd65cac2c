/** What an entity says about notifying people: that its fields exist, name people and moments, and that its conditions can be read. */
import { Problem, type Finding } from '../errors.js'
import { finding } from '../model/findings.js'
import type { Entity, Model } from '../model/model.js'
import { momentKind } from '../model/moment.js'
import { resolve, unrestricted } from '../model/conditions/resolve.js'

/** A field that is put away rests here, too. */
export function noticeFindings(path: string, entity: Entity, model: Model): readonly Finding[] {
  return entity.notices.flatMap(({ kind, to, at, where }) => {
    const place = `${path}#/crm/notify/${kind}`
    const field = entity.fields.get(to)
    const rests = (key: string): boolean => entity.archived.some((one) => one.key === key)
    const people = rests(to) || (field?.link ?? field?.links)?.to === 'user'
    return [
      ...(people ? [] : [finding(`${place}/to`, 'entity.notify', { field: to, entity: entity.name })]),
      ...(at === null || rests(at) || momentKind(entity, at) === 'instant' ? [] : [finding(`${place}/at`, 'entity.notifyAt', { field: at, entity: entity.name })]),
      ...conditionFindings(`${place}/where`, entity, where, model),
    ]
  })
}

function conditionFindings(place: string, entity: Entity, where: Entity['notices'][number]['where'], model: Model): readonly Finding[] {
  try {
    resolve(model, entity.name, where, unrestricted(model), '')
    return []
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return [finding(place, 'view.filter', { reason: error.message })]
  }
}
