/** The workflows that the reader may start on records: a button, or a menu of several. */
import { html, nothing, type TemplateResult } from 'lit'

import type { UiAction, UiEntity } from '../../../metadata/contract/ui-model.js'
import { t } from '../../client/i18n.js'
import { icon } from '../../ui/icon.js'

/** @param id of the menu, once on the page */
export function actionButtons({ actions = [] }: UiEntity, id: string, start: (action: UiAction) => void): TemplateResult | typeof nothing {
  const [only] = actions
  if (only === undefined) return nothing
  if (actions.length === 1) return html`<button type="button" class="plain action" @click=${() => start(only)}>${icon('spark')}<span>${only.title}</span></button>`
  return html`
    <button type="button" class="plain action" popovertarget=${id}>${icon('spark')}<span>${t('action.menu')}</span>${icon('chevronDown')}</button>
    <div id=${id} class="menu-card" popover aria-label=${t('action.menu')}>${actions.map((action) => html`<button type="button" class="plain" popovertarget=${id} popovertargetaction="hide" @click=${() => start(action)}>${action.title}</button>`)}</div>`
}
