/** A small button that looks into a record beside the page; the router hears its click. */
import './peek-button.css'
import { html, type TemplateResult } from 'lit'

import { t } from '../client/i18n.js'
import { icon } from './icon.js'

/** `address`: of the record's page. `slot` puts it into a component. `focusable` false where the keys of a grid lead to it otherwise. */
export const peekButton = (address: string, name: unknown, { slot = '', focusable = true }: { readonly slot?: string; readonly focusable?: boolean } = {}): TemplateResult => html`
  <button type="button" class="peek" slot=${slot} tabindex=${focusable ? 0 : -1} data-peek=${address} title=${t('peek.hint')} aria-label=${typeof name === 'string' ? t('peek.of', { name }) : t('peek.open')}>${icon('eye')}</button>`
