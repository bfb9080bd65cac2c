/** Small screens without state: nothing here, nothing yet. */
import { html, nothing, type TemplateResult } from 'lit'

import { t } from '../client/i18n.js'
import { icon, type IconName } from '../ui/icon.js'

export interface EmptyState {
  readonly icon: IconName | string
  readonly title: string
  readonly text: string
  /** What to do next. */
  readonly action?: TemplateResult | typeof nothing
}

/** What stands where nothing is to show: why, and what to do about it. */
export const emptyState = (state: EmptyState): TemplateResult => html`
  <div class="empty-state">
    <span class="empty-tile">${icon(state.icon)}</span>
    <h2>${state.title}</h2>
    <p>${state.text}</p>
    ${state.action ?? nothing}
  </div>
`

export const missingPage = (): TemplateResult => html`
  <div class="page-center">
    ${emptyState({
      icon: 'map',
      title: t('missing.title'),
      text: t('missing.text'),
      action: html`<a class="button primary" href="/">${t('missing.home')}</a>`,
    })}
  </div>
`
