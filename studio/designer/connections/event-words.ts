/** What a webhook is told of, in words. Pure. */
import type { UiModel } from '../../../metadata/contract/ui-model.js'
import { t } from '../../client/i18n.js'
import { titleFrom } from '../draft/definitions.js'
import type { WantedEvent } from './connections.js'

export const eventVerbs = ['created', 'changed', 'transitioned', 'archived', 'restored', 'purged'] as const

/** Entity and verb of a type; '' for what is none. */
export function partsOf(type: string): { readonly entity: string; readonly verb: string } {
  const [, entity = '', verb = ''] = /^crm\.([\w-]+)\.(\w+)$/.exec(type) ?? []
  return { entity, verb }
}

/** `Member: created`; what no entity stands behind stays as it is. */
export function typeWords(type: string, { entities }: UiModel): string {
  const { entity, verb } = partsOf(type)
  const known = eventVerbs.find((one) => one === verb)
  return known === undefined ? type : t('connections.event', { entity: entities[entity]?.title ?? titleFrom(entity), what: t(`connections.verb.${known}`) })
}

export const eventWords = (event: WantedEvent, model: UiModel): string => `${typeWords(event.type, model)}${event['where'] === undefined && event['fields'] === undefined ? '' : ` · ${t('connections.limited')}`}`
