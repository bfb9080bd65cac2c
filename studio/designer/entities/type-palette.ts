/** The types of fields beside those of an entity, with a look at what they are like: one is dragged among the fields, or pressed. */
import './type-palette.css'

import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { html, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { computedIcon } from '../../fields/computed.js'
import { viewOf } from '../../fields/index.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import type { TypeInfo } from '../draft/definitions.js'
import { typeHelp, typeTitle } from '../words.js'
import { byUse } from './starts.js'

/** `<type-palette .types>`, in the columns of an entity; sends `chosen` with a type that was pressed or dropped among the fields. */
@customElement('type-palette')
export class TypePalette extends LightElement {
  static override properties = { types: { attribute: false } }
  declare types: readonly TypeInfo[]
  #release = (): void => {}

  constructor() {
    super()
    this.types = []
    new Watch(this, language)
  }

  override updated(): void {
    this.#release()
    this.#release = this.#dragging()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#release()
  }

  override render(): TemplateResult {
    return html`
      <h2>${t('designer.types')}</h2>
      <p class="quiet">${t('designer.typesText')}</p>
      <ul>${byUse(this.types).map((type) => html`
        <li><button type="button" class="type-tile" data-type=${type.name} title=${typeHelp(type.name)} @click=${() => this.#choose(type)}>
          <span class="tile">${icon(computedIcon(type.name) ?? viewOf(type.name).icon)}</span><span>${typeTitle(type.name)}</span></button></li>`)}</ul>
    `
  }

  #choose(type: TypeInfo): void {
    this.dispatchEvent(new CustomEvent<TypeInfo>('chosen', { detail: type }))
  }

  #dragging(): () => void {
    const ground = this.closest('.entity-columns')?.querySelector<HTMLElement>('.field-column') ?? null
    const typeOf = (element: Element): TypeInfo | undefined => this.types.find(({ name }) => element instanceof HTMLElement && element.dataset['type'] === name)
    const movable = [...this.querySelectorAll<HTMLElement>('.type-tile')].map((element) =>
      draggable({ element, onDragStart: () => element.classList.add('dragged'), onDrop: () => element.classList.remove('dragged') }))
    if (ground === null) return combine(...movable)
    const target = dropTargetForElements({
      element: ground,
      canDrop: ({ source }) => typeOf(source.element) !== undefined,
      onDragEnter: () => ground.classList.add('takes'),
      onDragLeave: () => ground.classList.remove('takes'),
      onDrop: ({ source }) => {
        ground.classList.remove('takes')
        const type = typeOf(source.element)
        if (type !== undefined) this.#choose(type)
      },
    })
    return combine(...movable, target)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'type-palette': TypePalette
  }
}
