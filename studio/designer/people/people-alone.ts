/** People for those who administer them and do not shape the system: the one page, without the studio around it. */
import '../studio-designer.css'
import '../parts.css'
import './people-page.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiModel } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { viewOf } from '../../fields/index.js'
import { lookupFor } from '../../fields/lookup.js'
import { recordPath } from '../../shell/routes.js'
import { LightElement } from '../../ui/light-element.js'

@customElement('people-alone')
export class PeopleAlone extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, chosen: { attribute: false } }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare chosen: number | null

  override render(): TemplateResult | typeof nothing {
    const { client, model } = this
    if (client === undefined || model === undefined) return nothing
    const surroundings = { timeZone: client.session.user?.timeZone ?? '', viewOf, lookup: lookupFor(client, model, recordPath) }
    return html`<people-page .client=${client} .model=${model} .surroundings=${surroundings} .chosen=${this.chosen}></people-page>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'people-alone': PeopleAlone
  }
}
