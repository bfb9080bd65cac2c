/** What becomes of rows that look like a record that is there, with the first ones that do. */
import { html, nothing, type TemplateResult } from 'lit'

import type { UiEntity } from '../../metadata/contract/ui-model.js'
import { listed, number, t } from '../client/i18n.js'
import { recordPath } from '../shell/routes.js'
import { comparedRules, likenesses, type Alike, type Imported, type Likeness, type Preview } from './import-state.js'

interface AlikeCard {
  readonly entity: UiEntity
  readonly imported: Imported
  readonly preview: Preview | null
  choose(alike: Likeness): void
}

/** Nothing where no rule could find one. */
export function alikeCard({ entity, imported: { settings, checked }, preview, choose }: AlikeCard): TemplateResult | typeof nothing {
  const rules = comparedRules(entity, settings)
  if (rules.length === 0) return nothing
  const titleOf = (key: string): string => entity.fields.find((field) => field.key === key)?.title ?? key
  const found = checked?.shownAlike ?? preview?.alike ?? []
  const count = checked?.alike ?? found.length
  const possible = likenesses.filter((one) => one !== 'update' || entity.may.update)
  return html`
    <section class="card" aria-labelledby="import-alike">
      <h2 id="import-alike">${t('import.alike')}</h2>
      <p class="quiet">${t('import.alikeText', { rules: listed(rules.map((rule) => rule.map(titleOf).join(' + '))) })}</p>
      <div class="modes" role="radiogroup" aria-labelledby="import-alike">${possible.map((one) => html`
        <label class="choice-card mode"><input type="radio" name="alike" .checked=${one === settings.alike} @change=${() => choose(one)} /><span><strong>${t(`import.alike.${one}`)}</strong><small>${t(`import.alikeText.${one}`)}</small></span></label>`)}</div>
      ${count === 0 ? nothing : html`
        <details ?open=${count < 6}><summary>${checked === null ? t('import.alikeFirst', { count }) : t('import.alikeCount', { count })}</summary>
        <ul class="row-problems row-alike">${found.map((row) => html`<li><span class="row-number">${number(row.row)}</span><span>${twin(entity, row)} <small>${listed(row.fields.map(titleOf))}</small></span></li>`)}</ul></details>`}
    </section>`
}

const twin = (entity: UiEntity, { id, title, earlier }: Alike): TemplateResult | string =>
  id === null ? t('import.alikeRow', { row: earlier ?? 0 }) : html`<a href=${recordPath(entity.name, id)} target="_blank">${title}</a>`
