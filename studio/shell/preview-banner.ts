/** Says as whom the application is seen, and leads out of it. */
import { html, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { language, t } from '../client/i18n.js'
import { leavePreview, type Preview } from '../client/preview.js'
import { Watch } from '../client/store.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { toast } from '../ui/toast.js'

/** `<preview-banner .preview>` */
@customElement('preview-banner')
export class PreviewBanner extends LightElement {
  static override properties = { preview: { attribute: false } }
  declare preview: Preview | undefined
  readonly #clicked = (event: MouseEvent): void => this.#hold(event)

  constructor() {
    super()
    new Watch(this, language)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    document.addEventListener('click', this.#clicked, { capture: true })
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    document.removeEventListener('click', this.#clicked, { capture: true })
  }

  /** Links that the browser follows by itself carry no pass: they would show what the reader may see, not what the other may. */
  #hold(event: MouseEvent): void {
    const link = event.composedPath().find((node): node is HTMLAnchorElement => node instanceof HTMLAnchorElement)
    if (link === undefined || !new URL(link.href, location.href).pathname.startsWith('/api/')) return
    event.preventDefault()
    toast(t('preview.noFiles'))
  }

  override render(): TemplateResult {
    return html`<div class="preview" role="status">${icon('eye')}<span>${t('preview.as', { who: this.preview?.label ?? '' })}</span><button type="button" class="plain" @click=${leavePreview}>${t('preview.leave')}</button></div>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'preview-banner': PreviewBanner
  }
}
