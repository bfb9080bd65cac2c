/** What a view has that its reader cannot be shown, or that there is no such view. */
import { html, nothing, type TemplateResult } from 'lit'

import type { UiList, UiSavedView } from '../../../metadata/contract/ui-model.js'
import { t } from '../../client/i18n.js'
import { icon } from '../../ui/icon.js'

/** @param asked name of the view that was asked for; '' for none. @param saved the view, where somebody saved it */
export function leftOutNote(view: UiList, asked: string, saved: UiSavedView | undefined): TemplateResult | typeof nothing {
  if (asked !== '' && view.name !== asked) return html`<p class="list-note">${icon('warning')}${t('views.gone', { view: view.title })}</p>`
  const count = saved === undefined ? 0 : saved.leftOut.columns + saved.leftOut.sort + saved.leftOut.summaries + saved.leftOut.filters
  if (saved === undefined || count === 0) return nothing
  return html`<p class="list-note" role="status">${icon('eyeOff')}<span>${leftOutText(saved, count)}</span></p>`
}

/** To the owner with the names; everybody else is not told what there is that they may not see. */
const leftOutText = ({ lost, leftOut }: UiSavedView, count: number): string =>
  `${lost === undefined ? t('views.leftOut', { count }) : t('views.lost', { names: [...new Set(lost)].join(', ') })}${leftOut.filters > 0 ? ` ${t('views.wider')}` : ''}`
