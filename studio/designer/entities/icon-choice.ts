/** One of the product's icons, chosen by eye. */
import { html, type TemplateResult } from 'lit'

import { t } from '../../client/i18n.js'
import { icon, iconNames } from '../../ui/icon.js'

/** Icons that only mean something on a button. */
const controls: ReadonlySet<string> = new Set(['arrowDown', 'arrowLeft', 'arrowRight', 'arrowUp', 'chevronDown', 'chevronLeft', 'chevronRight', 'close', 'dots', 'menu', 'moon', 'sortAsc', 'sortDesc', 'sun', 'save', 'logout', 'panel', 'eyeOff'])
/** Definitions write names in lower case. */
const written = iconNames.filter((name) => !controls.has(name) && /^[a-z][a-z0-9-]*$/.test(name))

export const iconChoice = (chosen: string, choose: (name: string) => void): TemplateResult => html`
  <details class="icon-choice">
    <summary><span class="tile">${icon(chosen)}</span><span>${t('designer.icon')}</span></summary>
    <fieldset><legend class="visually-hidden">${t('designer.icon')}</legend>
      ${written.map((name) => html`<label title=${name}><input type="radio" name="icon" .checked=${name === chosen} aria-label=${name} @change=${() => choose(name)} />${icon(name)}</label>`)}
    </fieldset>
  </details>
`
