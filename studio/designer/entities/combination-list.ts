/** Combinations of fields, each said as a sentence: duplicate rules, what may be there once, indexes with the reason why each helps. */
import './rules-editor.css'
import '@vaadin/button'
import './key-list.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiEntity } from '../../../metadata/contract/ui-model.js'
import { language, listed, listedAny, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { setEntitySetting } from '../commands/set-entity.js'
import { addressOf, type EntityDefinition } from '../draft/definitions.js'
import type { Design } from '../draft/draft-store.js'
import { grouped } from '../grouped.js'
import { placeText, problemText, Titles } from '../words.js'
import { bareKey, choicesFor, combinationsOf, isLoose, withKeys, writtenAs, type Combination, type CombinationKind, type KeyChoice } from './combinations.js'
import type { Perform } from './field-panel.js'
import { answers, helpedBy, lookupsOf, ownIndexes, type Help, type OwnReason } from './lookups.js'

/** `<combination-list .kind .design .entity .drafted .perform>` */
@customElement('combination-list')
export class CombinationList extends LightElement {
  static override properties = { kind: { attribute: false }, design: { attribute: false }, entity: { attribute: false }, drafted: { attribute: false }, perform: { attribute: false }, opened: { state: true } }
  declare kind: CombinationKind
  declare design: Design | undefined
  declare entity: EntityDefinition | undefined
  /** The entity as the screens know it, with the draft. */
  declare drafted: UiEntity | undefined
  declare perform: Perform
  /** The combination that is being edited; the one behind the last is new and not in the draft before it has a field. */
  declare opened: number | null
  #entered = false

  constructor() {
    super()
    this.kind = 'duplicates'
    this.opened = null
    new Watch(this, language)
  }

  override updated(): void {
    if (this.#entered) this.querySelector<HTMLElement>('li.rule:last-child .plain-select')?.focus()
    this.#entered = false
  }

  override render(): TemplateResult | typeof nothing {
    const { design, entity, kind } = this
    if (design === undefined || entity === undefined) return nothing
    const all = combinationsOf(entity, kind)
    const choices = choicesFor(kind, entity, design.published.fieldTypes, this.drafted)
    const isNew = this.opened === all.length
    return html`
      <div class="rules">
        <p class="quiet">${t(`combinations.${kind}.help`)}</p>
        ${kind === 'duplicates' && all.length > 0 ? html`<p class="combination-sentence">${t('combinations.duplicates.all', { rules: listedAny(all.map(({ keys }) => sentence(kind, entity, choices, keys))) })}</p>` : nothing}
        ${all.length === 0 && !isNew ? nothing : html`<ol>${all.map((_, index) => this.#one(design, entity, choices, all, index))}${isNew ? this.#body(choices, all, { keys: [], written: {} }, all.length) : nothing}</ol>`}
        <div class="rules-add"><vaadin-button ?disabled=${isNew || choices.length === 0} @click=${() => { this.opened = all.length; this.#entered = true }}>${icon('plus', 'prefix')}${t(`combinations.${kind}.add`)}</vaadin-button></div>
        ${kind === 'indexes' ? this.#byItself(entity, choices) : nothing}
      </div>`
  }

  #put(combinations: readonly Combination[]): void {
    const { entity, kind } = this
    if (entity !== undefined) this.perform((documents) => setEntitySetting(documents, entity.name, kind, writtenAs(combinations)))
  }

  #one(design: Design, entity: EntityDefinition, choices: readonly KeyChoice[], all: readonly Combination[], index: number): TemplateResult | typeof nothing {
    const { kind } = this
    const combination = all[index]
    if (combination === undefined) return nothing
    const at = `${entity.path}#/crm/${kind}/${String(index)}`
    const problems = design.problems.filter(({ path }) => path === at || path.startsWith(`${at}/`))
    const name = sentence(kind, entity, choices, combination.keys)
    const isOpen = this.opened === index
    const move = (by: number): void => {
      if (isOpen) this.opened = index + by
      else this.opened = null
      this.#put(all.toSpliced(index, 1).toSpliced(index + by, 0, combination))
    }
    return html`
      <li class="rule" data-wrong=${problems.length > 0 ? 'true' : nothing}>
        <div class="rule-head">
          <button type="button" class="plain rule-name" aria-expanded=${isOpen ? 'true' : 'false'} @click=${() => (this.opened = isOpen ? null : index)}>${icon(isOpen ? 'chevronUp' : 'chevronDown')}<span>${name}</span></button>
          <button type="button" class="plain icon-only" ?disabled=${index === 0} aria-label=${t('keys.up', { field: name })} @click=${() => move(-1)}>${icon('arrowUp')}</button>
          <button type="button" class="plain icon-only" ?disabled=${index === all.length - 1} aria-label=${t('keys.down', { field: name })} @click=${() => move(1)}>${icon('arrowDown')}</button>
          <button type="button" class="plain icon-only" aria-label=${t('keys.remove', { field: name })} @click=${() => { this.opened = null; this.#put(all.toSpliced(index, 1)) }}>${icon('trash')}</button>
        </div>
        ${problems.map((problem) => html`<p class="wrong" role="status">${icon('warning')}<span>${problemText(problem)}</span></p>`)}
        ${kind === 'indexes' ? this.#reasons(design, entity, choices, combination.keys) : nothing}
        ${isOpen ? this.#fields(choices, all, combination, index) : nothing}
      </li>`
  }

  #body(choices: readonly KeyChoice[], all: readonly Combination[], combination: Combination, index: number): TemplateResult {
    return html`<li class="rule">${this.#fields(choices, all, combination, index)}</li>`
  }

  /** A combination that loses its last field is gone. */
  #fields(choices: readonly KeyChoice[], all: readonly Combination[], combination: Combination, index: number): TemplateResult {
    const { kind } = this
    const put = (keys: readonly string[]): void => {
      if (keys.length === 0) this.opened = null
      this.#put(keys.length === 0 ? all.toSpliced(index, 1) : all.toSpliced(index, 1, withKeys(kind, combination, keys)))
    }
    return html`<div class="rule-body">
      <key-list .label=${t(`combinations.${kind}.fields`)} .keys=${combination.keys} .choices=${choices} .most=${8} @keys=${(event: CustomEvent<readonly string[]>) => put(event.detail)}></key-list>
      <p class="quiet">${t(`combinations.${kind}.fieldsHelp`)}</p>
    </div>`
  }

  /** Who asks for what an index has ready. */
  #reasons({ draft, published }: Design, entity: EntityDefinition, choices: readonly KeyChoice[], keys: readonly string[]): TemplateResult {
    const titles = new Titles(draft.documents, published.documents)
    const helped = helpedBy(keys, lookupsOf(draft.documents, entity.name))
    const own = ownIndexes(entity).filter((one) => answers(keys, one)).flatMap(({ reasons }) => reasons)
    return helped.length + own.length === 0
      ? html`<p class="reason quiet">${t('combinations.indexes.unasked')}</p>`
      : html`<ul class="reasons">${helped.map((help) => html`<li><a href=${addressOf(help.path)}>${placeText(help.path, titles)}</a>: ${reason(help, (key) => titled(entity, choices, key))}</li>`)}${own.map((one) => html`<li>${t(`combinations.own.${one}`)}</li>`)}</ul>`
  }

  #byItself(entity: EntityDefinition, choices: readonly KeyChoice[]): TemplateResult | typeof nothing {
    const asked = combinationsOf(entity, 'indexes')
    const own = ownIndexes(entity).filter((one) => !asked.some(({ keys }) => answers(keys, one)))
    if (own.length === 0) return nothing
    const byReason = grouped(own.flatMap(({ keys, reasons }) => reasons.map((one) => ({ one, keys }))), ({ one }): OwnReason => one)
    return html`<h4>${t('combinations.own')}</h4><ul class="reasons own">${[...byReason].map(([one, kept]) => html`<li>${t(`combinations.own.${one}`)}:
      <strong>${listed(kept.map(({ keys }) => keys.map((key) => titled(entity, choices, key)).join(' + ')))}</strong></li>`)}</ul>`
  }
}

const titled = (entity: EntityDefinition, choices: readonly KeyChoice[], key: string): string =>
  choices.find((choice) => choice.key === key)?.title ?? entity.fields.find((field) => field.key === key)?.title ?? key

/** What a combination says; for indexes the order of its fields. */
function sentence(kind: CombinationKind, entity: EntityDefinition, choices: readonly KeyChoice[], keys: readonly string[]): string {
  const title = (key: string): string => titled(entity, choices, bareKey(key))
  if (kind === 'duplicates') return listed(keys.map((key) => t(isLoose(key) ? 'combinations.similar' : 'combinations.equal', { field: title(key) })))
  return kind === 'unique' ? listed(keys.map(title)) : keys.map(title).join(' → ')
}

const reason = ({ by, sort }: Help, title: (key: string) => string): string => {
  if (sort === '') return t('combinations.finds', { fields: listed(by.map(title)) })
  return by.length === 0 ? t('combinations.sorts', { field: title(sort) }) : t('combinations.findsAndSorts', { fields: listed(by.map(title)), field: title(sort) })
}

declare global {
  interface HTMLElementTagNameMap {
    'combination-list': CombinationList
  }
}
