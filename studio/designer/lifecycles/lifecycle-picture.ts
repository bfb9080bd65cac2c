/** A lifecycle as a picture: states as boxes, steps as arrows with their names on them. Everything on it is a button, as in the outline. */
import { html, nothing, svg, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { LightElement } from '../../ui/light-element.js'
import { toastProblem } from '../../ui/toast.js'
import type { Layout } from './lay-out.js'
import type { Shape } from './lifecycle-shape.js'

/** `<lifecycle-picture .shape .chosen>`; fires `choose` (state and transition, '' for none). */
@customElement('lifecycle-picture')
export class LifecyclePicture extends LightElement {
  static override properties = { shape: { attribute: false }, chosen: { attribute: false }, layOut: { state: true } }
  declare shape: Shape | undefined
  declare chosen: readonly [state: string, way: string]
  /** Loaded with the first picture. */
  declare layOut: ((shape: Shape) => Layout) | null

  constructor() {
    super()
    this.chosen = ['', '']
    this.layOut = null
    new Watch(this, language)
  }

  override firstUpdated(): void {
    void import('./lay-out.js').then(({ layOut }) => (this.layOut = layOut)).catch(toastProblem)
  }

  override render(): TemplateResult | typeof nothing {
    const { shape, layOut, chosen: [state, way] } = this
    if (shape === undefined) return nothing
    if (layOut === null) return html`<p class="quiet page-center" aria-busy="true">${t('loading')}</p>`
    const { width, height, nodes, edges } = layOut(shape)
    return html`<div class="picture-scroll"><div class="lifecycle-ground" style=${`inline-size:${width}px;block-size:${height}px`} role="group" aria-label=${t('process.picture')}>
      <svg aria-hidden="true" width=${width} height=${height}><defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" /></marker></defs>
        ${edges.map((edge) => svg`<path d=${edge.line} marker-end="url(#arrow)" ?data-chosen=${edge.from === state && edge.way === way} />`)}</svg>
      ${nodes.map((node) => {
        const known = shape.states.find(({ name }) => name === node.name)
        return html`<button type="button" class="picture-state" ?data-initial=${known?.initial} ?data-final=${known?.final} aria-current=${node.name === state && way === '' ? 'true' : nothing}
          style=${`inset-block-start:${node.y}px;inset-inline-start:${node.x}px;inline-size:${node.width}px;min-block-size:${node.height}px`} @click=${() => this.#choose(node.name, '')}>${known?.title}</button>`
      })}
      ${edges.map((edge) => html`<button type="button" class="picture-way" aria-current=${edge.from === state && edge.way === way ? 'true' : nothing} aria-label=${t('process.wayFromTo', { way: edge.title, from: edge.fromTitle, to: edge.toTitle })}
        style=${`inset-block-start:${edge.y}px;inset-inline-start:${edge.x}px`} @click=${() => this.#choose(edge.from, edge.way)}>${edge.title}</button>`)}
    </div></div>`
  }

  #choose(state: string, way: string): void {
    this.dispatchEvent(new CustomEvent('choose', { detail: [state, way] }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'lifecycle-picture': LifecyclePicture
  }
}
