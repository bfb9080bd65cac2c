/** Lists and records that a person wants at hand: the star that marks one, and the marked ones by name. */
import { html, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Client } from '../client/client.js'
import { language, t } from '../client/i18n.js'
import type { Favourite } from '../client/preferences.js'
import { Watch } from '../client/store.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { toastProblem } from '../ui/toast.js'

const isSame = (a: Favourite, b: Favourite): boolean => a.entity === b.entity && a.id === b.id

const none: readonly Favourite[] = []

export const favouritesOf = (client: Client): readonly Favourite[] => client.session.preferences.value.favourites ?? none

/** `<favourite-star .client .entity .recordId>`; without an id it marks the list. */
@customElement('favourite-star')
export class FavouriteStar extends LightElement {
  static override properties = { client: { attribute: false }, entity: {}, recordId: { attribute: false } }
  declare client: Client | undefined
  declare entity: string
  declare recordId: number | null
  #watched: Client | undefined

  constructor() {
    super()
    this.entity = ''
    this.recordId = null
    new Watch(this, language)
  }

  override willUpdate(): void {
    if (this.client === undefined || this.#watched === this.client) return
    this.#watched = this.client
    new Watch(this, this.client.session.preferences)
  }

  get #favourite(): Favourite {
    return { entity: this.entity, ...(this.recordId === null ? {} : { id: this.recordId }) }
  }

  override render(): TemplateResult {
    const marked = this.client !== undefined && favouritesOf(this.client).some((one) => isSame(one, this.#favourite))
    const label = t(marked ? 'favourites.remove' : 'favourites.add')
    return html`<button type="button" class="plain icon-only favourite" aria-pressed=${marked ? 'true' : 'false'} aria-label=${label} title=${label} @click=${() => void this.#toggle(marked)}>${icon('star')}</button>`
  }

  async #toggle(marked: boolean): Promise<void> {
    const { client } = this
    if (client === undefined) return
    const others = favouritesOf(client).filter((one) => !isSame(one, this.#favourite))
    await client.session.choose({ favourites: marked ? others : [...others, this.#favourite] }).catch(toastProblem)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'favourite-star': FavouriteStar
  }
}
