/** What is done before a record is saved, whoever writes it: rules that set fields, from top to bottom, and rules that refuse. */
import './rules-editor.css'
import '@vaadin/button'
import '../formulas/formula-entry.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { live } from 'lit/directives/live.js'

import { isObject, type JsonObject } from '../../../metadata/contract/json.js'
import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import type { Surroundings } from '../../fields/contract.js'
import { viewOf } from '../../fields/index.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { rulesOf, setRules, type PlacedRule } from '../commands/set-rules.js'
import { listOf, objectOf, textOf, translated, type EntityDefinition, type FieldDefinition } from '../draft/definitions.js'
import type { Design } from '../draft/draft-store.js'
import { choiceField, entry, shownField } from '../entry.js'
import { entityLanguage } from '../formulas/offers.js'
import { problemText } from '../words.js'
import type { Perform } from './field-panel.js'
import { isComparable } from './type-options.js'

/** `<rules-editor .design .entity .surroundings .perform>` */
@customElement('rules-editor')
export class RulesEditor extends LightElement {
  static override properties = { design: { attribute: false }, entity: { attribute: false }, surroundings: { attribute: false }, perform: { attribute: false }, opened: { state: true } }
  declare design: Design | undefined
  declare entity: EntityDefinition | undefined
  declare surroundings: Surroundings
  declare perform: Perform
  /** The rule that is being written; null for none. */
  declare opened: number | null

  constructor() {
    super()
    this.opened = null
    new Watch(this, language)
  }

  override render(): TemplateResult | typeof nothing {
    const { design, entity } = this
    if (design === undefined || entity === undefined) return nothing
    const rules = rulesOf(design.draft.documents, entity.name)
    const first = (settable(design, entity).find(({ property }) => property['readOnly'] !== true) ?? settable(design, entity)[0])?.key
    return html`
      <section class="rules" aria-labelledby="rules-title">
        <h3 id="rules-title">${t('rules.title')}</h3>
        <p class="quiet">${t('rules.help')}</p>
        ${rules.length === 0 ? nothing : html`<ol>${rules.map((_, index) => this.#rule(design, entity, rules, index))}</ol>`}
        <div class="rules-add">
          <vaadin-button ?disabled=${first === undefined} @click=${() => first !== undefined && this.#add(entity, rules, { set: { [first]: first } })}>${icon('plus', 'prefix')}${t('rules.addSet')}</vaadin-button>
          <vaadin-button @click=${() => this.#add(entity, rules, { cel: 'true', message: t('rules.newMessage') })}>${icon('plus', 'prefix')}${t('rules.addRefuse')}</vaadin-button>
        </div>
      </section>
    `
  }

  #add(entity: EntityDefinition, rules: readonly PlacedRule[], rule: JsonObject): void {
    this.opened = rules.length
    this.#put(entity, [...rules, { rule, from: null }])
  }

  #put(entity: EntityDefinition, rules: readonly PlacedRule[], typing?: string): void {
    this.perform((documents) => setRules(documents, entity.name, rules), typing === undefined ? undefined : `rules-${typing}:${entity.name}`)
  }

  #rule(design: Design, entity: EntityDefinition, rules: readonly PlacedRule[], index: number): TemplateResult {
    const rule = objectOf(rules[index]?.rule)
    const at = `${entity.path}#/crm/rules/${String(index)}`
    const problems = design.problems.filter(({ path }) => path === at || path.startsWith(`${at}/`))
    const name = this.#sentence(entity, rule, translated(design.draft.documents, language.value, entity.path, `/crm/rules/${String(rules[index]?.from ?? index)}/message`))
    const number = String(index + 1)
    const move = (by: number): void => {
      const moved = rules[index]
      if (moved === undefined) return
      this.opened = this.opened === index ? index + by : null
      this.#put(entity, rules.toSpliced(index, 1).toSpliced(index + by, 0, moved))
    }
    return html`
      <li class="rule" data-wrong=${problems.length > 0 ? 'true' : nothing}>
        <div class="rule-head">
          <button type="button" class="plain rule-name" aria-expanded=${this.opened === index ? 'true' : 'false'} @click=${() => (this.opened = this.opened === index ? null : index)}>
            ${icon(this.opened === index ? 'chevronUp' : 'chevronDown')}<span>${number}. ${name}</span></button>
          <button type="button" class="plain icon-only" ?disabled=${index === 0} aria-label=${t('rules.up', { number })} @click=${() => move(-1)}>${icon('arrowUp')}</button>
          <button type="button" class="plain icon-only" ?disabled=${index === rules.length - 1} aria-label=${t('rules.down', { number })} @click=${() => move(1)}>${icon('arrowDown')}</button>
          <button type="button" class="plain icon-only" aria-label=${t('rules.remove', { number })} @click=${() => { this.opened = null; this.#put(entity, rules.toSpliced(index, 1)) }}>${icon('trash')}</button>
        </div>
        ${problems.map((problem) => html`<p class="wrong" role="status">${icon('warning')}<span>${problemText(problem)}</span></p>`)}
        ${this.opened !== index ? nothing : html`<div class="rule-body">${isObject(rule['set']) ? this.#setting(design, entity, rules, index) : this.#refusing(entity, rules, index)}</div>`}
      </li>
    `
  }

  #sentence(entity: EntityDefinition, rule: JsonObject, message: string): string {
    const titled = (key: string): string => entity.fields.find((field) => field.key === key)?.title ?? key
    if (!isObject(rule['set'])) return t('rules.refuses', { message: message || textOf(rule['message']) })
    const fields = Object.keys(rule['set']).map(titled).join(', ')
    const when = textOf(rule['when'])
    return when === '' ? t('rules.sets', { fields }) : t('rules.setsWhen', { fields, when })
  }

  #change(entity: EntityDefinition, rules: readonly PlacedRule[], index: number, changes: JsonObject, typing?: string): void {
    const old = rules[index]
    if (old === undefined) return
    const rule = Object.fromEntries(Object.entries({ ...old.rule, ...changes }).filter(([, value]) => value !== null && value !== ''))
    this.#put(entity, rules.with(index, { ...old, rule }), typing === undefined ? undefined : `${typing}${String(index)}`)
  }

  #refusing(entity: EntityDefinition, rules: readonly PlacedRule[], index: number): TemplateResult {
    const rule = objectOf(rules[index]?.rule)
    return html`
      ${this.#expression(entity, 'rule', t('rules.holds'), textOf(rule['cel']), t('rules.holdsHelp'), (cel) => this.#change(entity, rules, index, { cel }, 'cel'))}
      ${entry(this.surroundings, { field: shownField('rule-message', t('rules.message'), 'text', {}, true), value: textOf(rule['message']), change: (value) => this.#change(entity, rules, index, { message: value }, 'message') })}
      ${entry(this.surroundings, { field: choiceField('rule-at', t('rules.at'), named(entity.fields.filter(({ archived }) => !archived))), value: textOf(rule['at']) || null, help: t('rules.atHelp'), change: (value) => this.#change(entity, rules, index, { at: value }) })}
    `
  }

  #setting(design: Design, entity: EntityDefinition, rules: readonly PlacedRule[], index: number): TemplateResult {
    const rule = objectOf(rules[index]?.rule)
    const set = objectOf(rule['set'])
    const put = (next: readonly (readonly [string, JsonObject[string]])[], typing?: string): void => this.#change(entity, rules, index, { set: Object.fromEntries(next) }, typing)
    const pairs = Object.entries(set)
    const free = settable(design, entity).filter(({ key }) => !Object.hasOwn(set, key))
    const own = entity.fields.filter(({ archived }) => !archived)
    return html`
      ${this.#expression(entity, 'setting', t('rules.when'), textOf(rule['when']), t('rules.whenHelp'), (when) => this.#change(entity, rules, index, { when }, 'when'))}
      ${entry(this.surroundings, { field: choiceField('rule-on', t('rules.on'), [['create', t('rules.on.create')], ['update', t('rules.on.update')]]), value: textOf(rule['on']) || null, help: t('rules.onHelp'), change: (value) => this.#change(entity, rules, index, { on: value }) })}
      ${entry(this.surroundings, {
        field: shownField('rule-changed', t('rules.changed'), 'multiSelect', { enum: own.map(({ key }) => key), options: Object.fromEntries(own.map(({ key, title }) => [key, { title }])) }),
        value: listOf(rule['changed']), help: t('rules.changedHelp'), change: (value) => this.#change(entity, rules, index, { changed: listOf(value).length === 0 ? null : value }),
      })}
      <fieldset class="rule-sets"><legend>${t('rules.setsTitle')}</legend>
        ${pairs.map(([key, cel], place) => html`<div class="rule-set">
          <select class="plain-select" aria-label=${t('rules.field', { number: String(place + 1) })} @change=${(event: Event) => put(pairs.with(place, [valueOf(event), cel]))}>
            ${named([...entity.fields.filter((field) => field.key === key), ...free]).map(([value, title]) => html`<option value=${value} .selected=${live(value === key)}>${title}</option>`)}</select>
          ${this.#expression(entity, 'setting', t('rules.value', { field: entity.fields.find((field) => field.key === key)?.title ?? key }), textOf(cel), '', (value) => put(pairs.with(place, [key, value]), `set-${key}`))}
          <button type="button" class="plain icon-only" ?disabled=${pairs.length === 1} aria-label=${t('rules.unset', { field: key })} @click=${() => put(pairs.toSpliced(place, 1))}>${icon('close')}</button>
        </div>`)}
        ${free.length === 0 ? nothing : html`<button type="button" class="plain accent" @click=${() => put([...pairs, [free[0]?.key ?? '', free[0]?.key ?? '']])}>${icon('plus')}<span>${t('rules.addField')}</span></button>`}
      </fieldset>
      <p class="quiet">${t('formula.help')}</p>
    `
  }

  #expression(entity: EntityDefinition, use: 'rule' | 'setting', label: string, value: string, help: string, change: (cel: string) => void): TemplateResult {
    const { documents } = this.design?.draft ?? { documents: {} }
    const { fieldTypes: types, functions } = this.design?.published ?? { fieldTypes: [], functions: [] }
    return html`<formula-entry .label=${label} .value=${value} .help=${help} .offered=${entityLanguage({ documents, entities: [], entity, types, functions, reads: language.value, without: '', use })}
      @formula=${(event: CustomEvent<string>) => change(event.detail)}></formula-entry>`
  }
}

/** Fields that rules may set, as far as the screen can tell: those that may have a default, and references to one record, whose value is its id. The check tells the rest. */
const settable = ({ published }: Design, entity: EntityDefinition): readonly FieldDefinition[] => {
  const types = new Map(published.fieldTypes.map((type) => [type.name, type]))
  return entity.fields.filter((field) => {
    const type = types.get(field.type)
    return !field.archived && type !== undefined && type.computed !== true && isComparable(type) && (viewOf(type.name).needs === undefined || typeof type.examples[0]?.value === 'number')
  })
}

const named = (fields: readonly FieldDefinition[]): readonly (readonly [string, string])[] => fields.map(({ key, title }) => [key, title])

const valueOf = (event: Event): string => (event.target instanceof HTMLSelectElement ? event.target.value : '')

declare global {
  interface HTMLElementTagNameMap {
    'rules-editor': RulesEditor
  }
}
