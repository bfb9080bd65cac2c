/** Says that the sample data is not complete yet, for as long as that is so. */
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { Again } from '../client/again.js'
import type { Client } from '../client/client.js'
import { language, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import { LightElement } from '../ui/light-element.js'

interface Loading {
  readonly done: number
  readonly total: number
}

/** A load takes a minute or two: often enough to be believed, seldom enough to cost nothing. */
const pauseMs = 3_000

/** `<loading-banner .client>`; draws nothing when nothing is being loaded. */
@customElement('loading-banner')
export class LoadingBanner extends LightElement {
  static override properties = { client: { attribute: false }, loading: { state: true } }
  declare client: Client | undefined
  declare loading: Loading | null

  constructor() {
    super()
    this.loading = null
    new Watch(this, language)
    new Again(this, () => this.#ask(), pauseMs)
  }

  /** True while it goes on. */
  async #ask(): Promise<boolean> {
    if (this.client === undefined) return false
    try {
      const { body } = await this.client.api.get<{ readonly loading: Loading | null }>('/api/status')
      // Loading tells of no record by itself: who looks at a list meanwhile sees the whole of it at the end.
      if (this.loading !== null && body.loading === null) this.client.model.tell(null)
      this.loading = body.loading
    } catch {
      // Nobody needs to be told that this could not be asked.
      this.loading = null
    }
    return this.loading !== null
  }

  override render(): TemplateResult | typeof nothing {
    const { loading } = this
    if (loading === null || loading.total === 0) return nothing
    const percent = Math.floor((100 * loading.done) / loading.total)
    return html`
      <div class="loading-note">
        <span>${t('shell.loading', { percent })}</span>
        <progress max="100" value=${percent} aria-hidden="true"></progress>
      </div>
    `
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'loading-banner': LoadingBanner
  }
}
