/** When something happened, in words; the exact moment on asking. */
import { html, type TemplateResult } from 'lit'

import { ago, instant } from '../client/i18n.js'

/** `at`: RFC 3339; `timeZone`: '' for the browser's. */
export const when = (at: string, timeZone: string): TemplateResult => html`<time class="when" datetime=${at} title=${instant(at, timeZone)}>${ago(at)}</time>`
