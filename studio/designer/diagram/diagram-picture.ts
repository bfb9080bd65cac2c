/** The entity diagram as a picture: boxes that open their entity, moved under the hand, made larger and smaller, joined by dragging. */
import './diagram-picture.css'
import { html, nothing, svg, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { viewOf } from '../../fields/index.js'
import { computedIcon } from '../../fields/computed.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { toastProblem } from '../../ui/toast.js'
import type { Box, Diagram } from './diagram.js'
import type { Layout } from './lay-out.js'

const zooms = [0.4, 0.5, 0.65, 0.8, 1, 1.25, 1.5] as const

interface Drag {
  readonly from: string
  readonly x: number
  readonly y: number
  readonly toX: number
  readonly toY: number
}

/** `<diagram-picture .diagram .marked>`; fires `join` (detail: names of two entities). */
@customElement('diagram-picture')
export class DiagramPicture extends LightElement {
  static override properties = { diagram: { attribute: false }, marked: {}, layOut: { state: true }, zoom: { state: true }, drag: { state: true }, over: { state: true } }
  declare diagram: Diagram | undefined
  /** The arrow that was just made: `case.product`. */
  declare marked: string
  declare layOut: ((diagram: Diagram) => Layout) | null
  declare zoom: number
  /** A reference on its way from a box to where the pointer is, in px of the ground. */
  declare drag: Drag | null
  /** The box that it would lead to. */
  declare over: string
  /** Size that was chosen so that all is in sight; another one was chosen by hand, and stays. */
  #fitted = 0
  #laid: { readonly diagram: Diagram; readonly layout: Layout } | null = null

  constructor() {
    super()
    this.marked = ''
    this.layOut = null
    this.zoom = 1
    this.drag = null
    this.over = ''
    new Watch(this, language)
  }

  override firstUpdated(): void {
    void this.#begin().catch(toastProblem)
  }

  /** What was added is in sight, too. */
  override updated(changed: Map<string, unknown>): void {
    if (!changed.has('diagram') || this.layOut === null) return
    if (this.zoom === this.#fitted) this.#fit()
    if (this.marked !== '') void this.updateComplete.then(() => this.querySelector('li[data-marked]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }))
  }

  async #begin(): Promise<void> {
    const { layOut } = await import('./lay-out.js')
    this.layOut = layOut
    await this.updateComplete
    this.#fit()
  }

  /** Laid out once for what is drawn, not with every move of the hand. */
  #layout(diagram: Diagram, layOut: (diagram: Diagram) => Layout): Layout {
    if (this.#laid?.diagram !== diagram) this.#laid = { diagram, layout: layOut(diagram) }
    return this.#laid.layout
  }

  override render(): TemplateResult | typeof nothing {
    const { diagram, layOut, zoom, drag } = this
    if (diagram === undefined) return nothing
    if (layOut === null) return html`<p class="quiet page-center" aria-busy="true">${t('loading')}</p>`
    const { width, height, boxes, lines } = this.#layout(diagram, layOut)
    const tool = (sign: 'plus' | 'minus' | 'screen', text: string, act: () => void): TemplateResult => html`<button type="button" class="plain icon-only" title=${text} aria-label=${text} @click=${act}>${icon(sign)}</button>`
    return html`
      <div class="diagram-tools" role="group" aria-label=${t('diagram.zoom')}>${tool('minus', t('diagram.smaller'), () => this.#step(-1))}<span>${String(Math.round(zoom * 100))} %</span>${tool('plus', t('diagram.larger'), () => this.#step(1))}${tool('screen', t('diagram.fit'), () => this.#fit())}</div>
      <div class="diagram-scroll" tabindex="0" role="group" aria-label=${t('diagram.picture')} @pointerdown=${(event: PointerEvent) => this.#pan(event)} @wheel=${(event: WheelEvent) => this.#wheel(event)}>
        <div style=${`inline-size:${width * zoom}px;block-size:${height * zoom}px`}><div class="diagram-ground" style=${`inline-size:${width}px;block-size:${height}px;transform:scale(${zoom})`}>
          <svg aria-hidden="true" width=${width} height=${height}><defs><marker id="diagram-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" /></marker></defs>
            ${lines.map(({ arrow, line }) => svg`<path d=${line} marker-end="url(#diagram-arrow)" ?data-marked=${this.marked === `${arrow.from}.${arrow.field.key}`}><title>${arrow.field.title}</title></path>`)}
            ${drag === null ? nothing : svg`<path class="dragged" d=${`M${drag.x} ${drag.y}L${drag.toX} ${drag.toY}`} marker-end="url(#diagram-arrow)" />`}</svg>
          ${diagram.boxes.map((box) => this.#box(box, boxes))}
        </div></div>
      </div>`
  }

  #box({ entity, fields }: Box, boxes: Layout['boxes']): TemplateResult | typeof nothing {
    const place = boxes.get(entity.name)
    if (place === undefined) return nothing
    return html`
      <div class="diagram-box" data-entity=${entity.name} ?data-over=${this.over === entity.name} style=${`inset-block-start:${place.y}px;left:${place.x}px;inline-size:${place.width}px;block-size:${place.height}px`}>
        <a href=${`/studio/entities/${encodeURIComponent(entity.name)}`} draggable="false">${icon(entity.icon)}<strong>${entity.plural}</strong></a>
        <span class="diagram-handle" title=${t('diagram.drag')} @pointerdown=${(event: PointerEvent) => this.#join(event, entity.name)}>${icon('link')}</span>
        <ul>${fields.map((field) => html`<li ?data-marked=${this.marked === `${entity.name}.${field.key}`}>${icon(computedIcon(field.type) ?? viewOf(field.type).icon)}<span>${field.title}</span></li>`)}</ul>
      </div>`
  }

  get #ground(): HTMLElement | null {
    return this.querySelector('.diagram-ground')
  }

  /** A reference is drawn from the handle of one box and dropped on another. */
  #join(event: PointerEvent, from: string): void {
    const ground = this.#ground
    if (ground === null || event.button !== 0) return
    event.preventDefault()
    event.stopPropagation()
    const at = ({ clientX, clientY }: PointerEvent): readonly [number, number] => {
      const { left, top } = ground.getBoundingClientRect()
      return [(clientX - left) / this.zoom, (clientY - top) / this.zoom]
    }
    const [x, y] = at(event)
    this.#follow((moved) => {
      const [toX, toY] = at(moved)
      this.drag = { from, x, y, toX, toY }
      this.over = document.elementFromPoint(moved.clientX, moved.clientY)?.closest<HTMLElement>('.diagram-box')?.dataset['entity'] ?? ''
    }, (done) => {
      const { over, drag } = this
      this.drag = null
      this.over = ''
      if (done && drag !== null && over !== '') this.dispatchEvent(new CustomEvent('join', { detail: [from, over] }))
    })
  }

  /** The ground moves with the hand; a click on a box stays a click. */
  #pan(event: PointerEvent): void {
    const scroll = this.querySelector<HTMLElement>('.diagram-scroll')
    if (scroll === null || event.button !== 0 || event.pointerType === 'touch' || (event.target instanceof Element && event.target.closest('.diagram-box') !== null)) return
    const [x, y, left, top] = [event.clientX, event.clientY, scroll.scrollLeft, scroll.scrollTop]
    this.#follow((moved) => {
      scroll.scrollLeft = left - (moved.clientX - x)
      scroll.scrollTop = top - (moved.clientY - y)
    }, () => {})
  }

  /** Until the pointer is let go (`done` with true), is taken away, or Escape is pressed. */
  #follow(move: (event: PointerEvent) => void, done: (dropped: boolean) => void): void {
    const ends = new AbortController()
    const end = (dropped: boolean): void => {
      ends.abort()
      done(dropped)
    }
    const { signal } = ends
    window.addEventListener('pointermove', move, { signal })
    window.addEventListener('pointerup', () => end(true), { signal })
    window.addEventListener('pointercancel', () => end(false), { signal })
    window.addEventListener('keydown', (event) => event.key === 'Escape' && end(false), { signal })
  }

  #step(by: number): void {
    const nearest = zooms.findIndex((zoom) => zoom >= this.zoom - 0.01)
    this.zoom = zooms[Math.min(zooms.length - 1, Math.max(0, (nearest < 0 ? zooms.length - 1 : nearest) + by))] ?? 1
  }

  #wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return
    event.preventDefault()
    this.#step(event.deltaY > 0 ? -1 : 1)
  }

  /** All of it in sight, as far as it can still be read. */
  #fit(): void {
    const scroll = this.querySelector<HTMLElement>('.diagram-scroll')
    const layout = this.#laid?.layout
    if (scroll === null || layout === undefined) return
    const wanted = Math.min(1, scroll.clientWidth / layout.width, scroll.clientHeight / layout.height)
    this.#fitted = Math.max(zooms[1], Math.floor(wanted * 100) / 100)
    this.zoom = this.#fitted
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'diagram-picture': DiagramPicture
  }
}
