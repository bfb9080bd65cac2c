/** How a change of a record is told: who made it, and each field with its value before and after. */
import { html, nothing, type TemplateResult } from 'lit'
import { until } from 'lit/directives/until.js'

import type { Json } from '../../../metadata/contract/json.js'
import type { UiEntity } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { t } from '../../client/i18n.js'
import { fieldOf } from '../../client/model.js'
import type { Surroundings } from '../../fields/contract.js'
import { viewOf } from '../../fields/index.js'

export function whoDid(client: Client | undefined, by: number | null): TemplateResult {
  const name = by === null || client === undefined ? t('record.historySystem') : by === client.session.user?.id ? client.session.user.name : until(client.names.of('user', by), `#${String(by)}`)
  return html`<b class="who">${name}</b>`
}

/** @param byRule keys of what a rule has set */
export function changeLines(entity: UiEntity, changes: Readonly<Record<string, readonly [Json, Json]>>, surroundings: Surroundings, byRule: readonly string[] = []): TemplateResult | typeof nothing {
  const lines = Object.entries(changes).flatMap(([key, [before, after]]) => {
    const field = fieldOf(entity, key)
    if (field === undefined) return []
    const written = (value: Json): unknown => (value === null || value === '' ? t('record.empty') : until(viewOf(field.type).text(value, { ...surroundings, field }), '…'))
    return [html`<div><dt>${field.title}</dt><dd><del aria-label=${t('record.historyFrom')}>${written(before)}</del><span aria-hidden="true"> → </span><ins aria-label=${t('record.historyTo')}>${written(after)}</ins>${byRule.includes(key) ? html` <small class="by-rule">${t('rules.bySetting')}</small>` : nothing}</dd></div>`]
  })
  return lines.length === 0 ? nothing : html`<dl class="changes">${lines}</dl>`
}
