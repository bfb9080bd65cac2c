/** What went into a step or came out, as it was. */
import { html, type TemplateResult } from 'lit'

import type { Json } from '../../../metadata/contract/json.js'
import { t } from '../../client/i18n.js'

/** What is empty is said, not shown. */
export const shownValue = (label: string, value: Json | undefined): TemplateResult => html`<div class="shown-value"><small>${label}</small>${value === undefined || value === null ? html`<span class="quiet">${t('process.say.empty')}</span>` : html`<pre tabindex="0" role="group" aria-label=${label}>${typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre>`}</div>`
