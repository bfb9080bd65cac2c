/** The way from the top of a tree to a record, as links. */
import './tree-path.css'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { language, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import type { Choice, Lookup } from '../fields/contract.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'

/** `<tree-path .lookup .entity .recordId>`; draws nothing where nothing stands above. */
@customElement('tree-path')
export class TreePath extends LightElement {
  static override properties = { lookup: { attribute: false }, entity: {}, recordId: { attribute: false }, parent: { attribute: false }, way: { state: true } }
  declare lookup: Lookup | undefined
  declare entity: string
  declare recordId: number | null
  /** What the record stands below, so that a move is seen. */
  declare parent: number | null
  declare way: readonly Choice[]
  #asked = ''

  constructor() {
    super()
    this.entity = ''
    this.recordId = null
    this.parent = null
    this.way = []
    new Watch(this, language)
  }

  override willUpdate(): void {
    const asked = `${this.entity}/${this.recordId}/${this.parent}`
    if (asked === this.#asked || this.lookup === undefined) return
    this.#asked = asked
    this.way = []
    if (this.recordId !== null) void this.#ask(this.lookup, this.recordId, asked)
  }

  async #ask(lookup: Lookup, id: number, asked: string): Promise<void> {
    const way = await lookup.above(this.entity, id).catch(() => [])
    if (this.#asked === asked) this.way = way
  }

  override render(): TemplateResult | typeof nothing {
    const { lookup, way } = this
    if (lookup === undefined || way.length === 0) return nothing
    return html`<nav class="tree-path quiet-links" aria-label=${t('tree.path')}>${way.map(({ id, name }, i) => html`${i === 0 ? nothing : icon('chevronRight')}<a href=${lookup.address(this.entity, id)}>${name}</a>`)}</nav>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'tree-path': TreePath
  }
}
