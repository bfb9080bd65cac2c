/** Where administrators shape the system. Everything below `/studio` is this element's. */
import { html, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { t } from '../client/i18n.js'
import { LightElement } from '../ui/light-element.js'

/** `<studio-designer .client .model .path .query>`: `path` are the parts of the address after `/studio`. */
@customElement('studio-designer')
export class StudioDesigner extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, path: { attribute: false }, query: {} }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare path: readonly string[]
  declare query: string

  override render(): TemplateResult {
    return html`<div class="page-narrow"><h1>${t('shell.studio')}</h1></div>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'studio-designer': StudioDesigner
  }
}
