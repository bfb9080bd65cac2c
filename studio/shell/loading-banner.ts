/** Says that the sample data is not complete yet, for as long as that is so. */
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

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
  #timer: number | undefined

  constructor() {
    super()
    this.loading = null
    new Watch(this, language)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    // The client is set right after the element was made.
    queueMicrotask(() => void this.#ask())
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.clearTimeout(this.#timer)
  }

  async #ask(): Promise<void> {
    if (this.client === undefined || !this.isConnected) return
    try {
      const { body } = await this.client.api.get<{ readonly loading: Loading | null }>('/api/status')
      // Loading tells of no record by itself: who looks at a list meanwhile sees the whole of it at the end.
      if (this.loading !== null && body.loading === null) this.client.model.tell(null)
      this.loading = body.loading
    } catch {
      // Nobody needs to be told that this could not be asked.
      this.loading = null
    }
    if (this.loading !== null && this.isConnected) this.#timer = window.setTimeout(() => void this.#ask(), pauseMs)
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
