/**
 * Where the values of a computed field come from: a formula with the fields to insert, or steps from the related records
 * to what is measured. While it is written the engine says what is wrong, what it gives, and its value for a record.
 */
import './computed-editor.css'
import '../../lists/filter/filter-bar.js'
import '../formulas/formula-entry.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import type { UiModel } from '../../../metadata/contract/ui-model.js'
import { language, t } from '../../client/i18n.js'
import { asProblem } from '../../client/problem.js'
import { Watch } from '../../client/store.js'
import type { Surroundings } from '../../fields/contract.js'
import { viewOf } from '../../fields/index.js'
import { readFilter, spanOf, writeFilter, type Group } from '../../lists/filter/filter-tree.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { objectOf, textOf, type EntityDefinition, type FieldDefinition, type OfferedFunction, type TypeInfo } from '../draft/definitions.js'
import type { Documents } from '../draft/operations.js'
import { choiceField, entry, shownField } from '../entry.js'
import { entityLanguage } from '../formulas/offers.js'
import type { Attempt, Trial } from './trial.js'
import { formulaProblem, typeTitle } from '../words.js'

const typingPauseMs = 350
const measures = ['count', 'sum', 'avg', 'min', 'max', 'first', 'last'] as const

/** `<computed-editor>`; fires `settings` (detail: all settings of the kind, without its name). */
@customElement('computed-editor')
export class ComputedEditor extends LightElement {
  static override properties = {
    kind: {}, documents: { attribute: false }, entities: { attribute: false }, entity: { attribute: false }, key: {}, settings: { attribute: false }, types: { attribute: false }, functions: { attribute: false },
    attempt: { attribute: false }, model: { attribute: false }, surroundings: { attribute: false }, trial: { state: true }, asking: { state: true },
  }
  declare kind: string
  /** The draft's. */
  declare documents: Documents
  declare entities: readonly EntityDefinition[]
  declare entity: EntityDefinition | undefined
  /** Key of the field, '' while it has none. */
  declare key: string
  declare settings: JsonObject
  declare types: readonly TypeInfo[]
  declare functions: readonly OfferedFunction[]
  declare attempt: Attempt | undefined
  declare model: UiModel | undefined
  declare surroundings: Surroundings
  declare trial: Trial | null
  declare asking: boolean
  #timer: number | undefined
  #asked = ''

  constructor() {
    super()
    this.kind = ''
    this.documents = {}
    this.entities = []
    this.key = ''
    this.settings = {}
    this.types = []
    this.functions = []
    this.trial = null
    this.asking = false
    new Watch(this, language)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.clearTimeout(this.#timer)
  }

  override updated(): void {
    const question = JSON.stringify([this.kind, this.entity?.name, this.settings])
    if (question === this.#asked) return
    this.#asked = question
    window.clearTimeout(this.#timer)
    if (!this.#isComplete()) {
      this.trial = null
      return
    }
    this.#timer = window.setTimeout(() => void this.#ask(question), typingPauseMs)
  }

  #isComplete(): boolean {
    const { settings } = this
    if (this.kind === 'formula') return textOf(settings['cel']).trim() !== ''
    if (this.kind === 'lookup') return textOf(settings['via']) !== '' && textOf(settings['field']) !== ''
    return textOf(settings['of']) !== '' && measures.some((measure) => settings[measure] === true || (typeof settings[measure] === 'string' && settings[measure] !== ''))
  }

  async #ask(question: string): Promise<void> {
    if (this.entity === undefined || this.attempt === undefined) return
    this.asking = true
    const trial = await this.attempt(this.entity.name, this.key === '' ? 'newComputedField' : this.key, { readOnly: true, crm: { type: this.kind, ...this.settings } }).catch(notTried)
    if (question !== this.#asked) return
    this.trial = trial
    this.asking = false
  }

  override render(): TemplateResult | typeof nothing {
    const { entity } = this
    if (entity === undefined) return nothing
    return html`
      <section class="computed-editor" aria-label=${typeTitle(this.kind)}>
        ${this.kind === 'formula' ? this.#formula(entity) : html`${this.kind === 'lookup' ? this.#lookup(entity) : this.#rollup(entity)}${this.#answer()}`}
      </section>
    `
  }

  #set(changes: JsonObject): void {
    const settings = Object.fromEntries(Object.entries({ ...this.settings, ...changes }).filter(([, value]) => value !== '' && value !== null))
    this.settings = settings
    this.dispatchEvent(new CustomEvent<JsonObject>('settings', { detail: settings }))
  }

  // ── what the engine says ──

  #answer(): TemplateResult | typeof nothing {
    const { trial } = this
    if (trial === null) return html`<p class="computed-answer quiet" aria-live="polite">${this.asking ? t('computed.asking') : t('computed.incomplete')}</p>`
    if (trial.problems.length > 0) return html`<div class="computed-answer wrong" role="status">${trial.problems.map(({ message }) => html`<p>${icon('warning')}<span>${formulaProblem(message)}</span></p>`)}</div>`
    const { samples, type } = trial
    const shown = (value: Json): unknown => (type === null || value === null ? t('computed.empty') : viewOf(type).cell(value, { ...this.surroundings, field: shownField('sample', '', type, trial.options) }))
    return html`
      <div class="computed-answer fine" role="status">
        <p>${icon('check')}<span>${t('computed.gives', { type: typeTitle(type ?? '') })}</span></p>
        ${samples.map(({ name, value }) => html`<p class="sample"><span class="quiet">${name}</span>${icon('arrowRight')}<strong>${shown(value)}</strong></p>`)}
      </div>
    `
  }

  // ── formula ──

  #formula(entity: EntityDefinition): TemplateResult {
    const own = entity.fields.filter(({ archived, key }) => !archived && key !== this.key)
    const linked = own.flatMap((field) => {
      const target = this.entities.find(({ name }) => name === field.to)
      return target === undefined ? [] : [{ field, target }]
    })
    const offered = entityLanguage({ documents: this.documents, entities: this.entities, model: this.model, entity, types: this.types, functions: this.functions, reads: language.value, without: this.key, use: 'computed' })
    const usable = (field: FieldDefinition, before = ''): boolean => offered.names(before).some(({ path }) => path === (before === '' ? field.key : `${before}.${field.key}`))
    return html`
      <formula-entry .label=${t('computed.formula')} .value=${textOf(this.settings['cel'])} .placeholder=${t('computed.formulaExample')} .help=${t('formula.help')} .wrong=${this.trial !== null && this.trial.problems.length > 0}
        .offered=${offered} @formula=${(event: CustomEvent<string>) => this.#set({ cel: event.detail })}></formula-entry>
      ${this.#answer()}
      <fieldset class="insert"><legend>${t('computed.insertField')}</legend>${own.filter((field) => usable(field)).map((field) => this.#chip(field.key, field.title, field.type))}</fieldset>
      ${linked.map(({ field, target }) => html`
        <details class="insert-more"><summary>${t('computed.fieldsOf', { field: field.title, entity: target.title })}</summary>
          <div class="insert">${target.fields.filter((inner) => !inner.archived && usable(inner, field.key)).map((inner) => this.#chip(`${field.key}.${inner.key}`, inner.title, inner.type))}</div></details>`)}
      <details class="insert-more"><summary>${t('computed.functions')}</summary>
        <div class="insert">${this.functions.map(({ usage }) => html`<button type="button" class="chip code" @click=${() => this.#insert(usage)}>${usage}</button>`)}</div>
      </details>
      ${this.#numberFormat()}
    `
  }

  #chip(text: string, title: string, type: string): TemplateResult {
    return html`<button type="button" class="chip" title=${text} @click=${() => this.#insert(text)}>${icon(viewOf(type).icon)}<span>${title}</span></button>`
  }

  #insert(text: string): void {
    this.querySelector('formula-entry')?.insert(text)
  }

  #numberFormat(): TemplateResult | typeof nothing {
    const numeric = this.trial?.type !== null && this.types.find(({ name }) => name === this.trial?.type)?.measures.includes('sum') === true
    if (!numeric) return nothing
    return html`<div class="computed-row">
      ${entry(this.surroundings, { field: choiceField('format', t('computed.format'), [['number', t('computed.formatNumber')], ['percent', t('computed.formatPercent')]]), value: textOf(this.settings['format']) || 'number', change: (value) => this.#set({ format: value }) })}
      ${entry(this.surroundings, { field: shownField('scale', t('computed.scale'), 'integer', { minimum: 0, maximum: 9 }), value: this.settings['scale'] ?? 2, change: (value) => this.#set({ scale: value === 2 ? null : value }) })}
      ${entry(this.surroundings, { field: shownField('currency', t('computed.currency'), 'text', {}), value: this.settings['currency'] ?? null, help: t('computed.currencyHelp'), change: (value) => this.#set({ currency: typeof value === 'string' ? value.trim().toUpperCase() : null }) })}
    </div>`
  }

  // ── lookup ──

  #lookup(entity: EntityDefinition): TemplateResult {
    const links = entity.fields.filter((field) => !field.archived && field.to !== '')
    const via = links.find(({ key }) => key === this.settings['via'])
    const target = this.entities.find(({ name }) => name === via?.to)
    if (links.length === 0) return html`<p class="note">${icon('help')}${t('computed.noReferences', { entity: entity.title })}</p>`
    return html`
      ${this.#choice('via', t('computed.via'), links.map(({ key, title }) => [key, title]), (value) => this.#set({ via: value, field: null }))}
      ${target === undefined ? nothing : this.#choice('field', t('computed.lookedUp', { entity: target.title }), choices(target.fields), (value) => this.#set({ field: value }))}
    `
  }

  // ── rollup ──

  #rollup(entity: EntityDefinition): TemplateResult {
    const relations = this.entities.filter(({ archived }) => !archived).flatMap((other) => other.fields.flatMap((field): readonly (readonly [string, string])[] =>
      !field.archived && field.to === entity.name ? [[`${other.name}.${field.key}`, `${other.plural} (${field.title})`]] : []))
    if (relations.length === 0) return html`<p class="note">${icon('help')}${t('computed.noRelations', { entity: entity.title })}</p>`
    const [name = ''] = textOf(this.settings['of']).split('.')
    const source = this.entities.find((other) => other.name === name)
    return html`
      ${this.#choice('of', t('computed.of'), relations, (value) => this.#set({ ...Object.fromEntries(measures.map((measure) => [measure, null])), of: value, where: null, by: null, count: true }))}
      ${source === undefined ? nothing : this.#measured(source)}
      ${source === undefined || !isTree(entity) ? nothing : entry(this.surroundings, { field: shownField('subtree', t('computed.subtree'), 'boolean'), value: this.settings['subtree'] === true, help: t('computed.subtreeHelp'), change: (value) => this.#set({ subtree: value === true ? true : null }) })}
    `
  }

  #measured(source: EntityDefinition): TemplateResult {
    const measure = measures.find((one) => this.settings[one] !== undefined) ?? 'count'
    const fields = source.fields.filter((field) => !field.archived && this.#fits(field, measure))
    const set = (next: string, field: Json): void => this.#set({ ...Object.fromEntries(measures.map((one) => [one, null])), by: next === 'first' || next === 'last' ? (this.settings['by'] ?? null) : null, [next]: next === 'count' ? true : field })
    return html`
      ${entry(this.surroundings, {
        field: choiceField('measure', t('computed.measure'), measures.map((one) => [one, t(`computed.measure.${one}`)]), true), value: measure,
        change: (value) => typeof value === 'string' && value !== measure && set(value, source.fields.find((field) => !field.archived && this.#fits(field, value))?.key ?? ''),
      })}
      ${measure === 'count' ? nothing : entry(this.surroundings, { field: choiceField('measured', t('computed.measured'), choices(fields), true), value: this.settings[measure] ?? null, change: (value) => set(measure, value) })}
      ${measure === 'first' || measure === 'last' ? this.#choice('by', t('computed.by'), choices(source.fields.filter((field) => this.#fits(field, 'max'))), (value) => this.#set({ by: value })) : nothing}
      ${this.#condition(source)}
    `
  }

  /** True for fields that can be measured so; computed ones are tried. */
  #fits(field: FieldDefinition, measure: string): boolean {
    if (measure === 'first' || measure === 'last') return true
    const type = this.types.find(({ name }) => name === field.type)
    return type === undefined || type.computed || type.measures.some((one) => one === measure)
  }

  /** The same chips as over a list: which of those records count. */
  #condition(source: EntityDefinition): TemplateResult | typeof nothing {
    const entity = this.model?.entities[source.name]
    if (entity === undefined) return nothing
    const where = isObject(this.settings['where']) ? this.settings['where'] : {}
    const { group, window } = partsOf(where)
    const moments = source.fields.filter((field) => !field.archived && momentTypes(this.types).has(field.type))
    const change = (chosen: Group, days: typeof window): void => this.#set({ where: conditionFrom(chosen, days) })
    return html`
      <fieldset class="computed-where"><legend>${t('computed.where')}</legend>
        <filter-bar .model=${this.model} .entity=${{ ...entity, searchable: false }} .condition=${writeFilter(group)} .surroundings=${this.surroundings} @condition=${(event: CustomEvent<JsonObject | undefined>) => change(readFilter(event.detail), window)}></filter-bar>
        ${moments.length === 0 ? nothing : html`<div class="computed-row">
          ${entry(this.surroundings, { field: shownField('days', t('computed.lastDays'), 'integer', { minimum: 1 }), value: window?.days ?? null, help: t('computed.lastDaysHelp'), change: (value) => change(group, typeof value === 'number' ? { days: value, field: window?.field ?? moments[0]?.key ?? '' } : undefined) })}
          ${window === undefined || moments.length < 2 ? nothing : entry(this.surroundings, { field: choiceField('window', t('computed.lastDaysOf'), choices(moments), true), value: window.field, change: (value) => typeof value === 'string' && change(group, { ...window, field: value }) })}
        </div>`}
      </fieldset>
    `
  }

  #choice(name: string, title: string, options: readonly (readonly [string, string])[], change: (value: Json) => void): TemplateResult {
    return entry(this.surroundings, { field: choiceField(name, title, options, true), value: this.settings[name] ?? null, change })
  }
}

/** The engine could not be asked, or did not answer: that is said where its answer would stand. */
const notTried = (thrown: unknown): Trial => {
  const { message, detail } = asProblem(thrown)
  return { problems: [{ at: '', message: [message, detail].filter((part) => part !== '').join(' ') }], type: null, options: {}, samples: [] }
}

const choices = (fields: readonly FieldDefinition[]): readonly (readonly [string, string])[] => fields.filter(({ archived }) => !archived).map(({ key, title }) => [key, title])

/** Types whose values are moments or days: those that are put into calendar buckets. */
const momentTypes = (types: readonly TypeInfo[]): ReadonlySet<string> => new Set(types.filter(({ measures: offered, operators: known }) => offered.includes('max') && !offered.includes('sum') && known.includes('$gte')).map(({ name }) => name))

/** True when the entity's records stand below each other. */
const isTree = ({ fields }: EntityDefinition): boolean => fields.some((field) => !field.archived && objectOf(field.property['crm'])['hierarchy'] === true)

interface Window {
  readonly field: string
  readonly days: number
}

/** A condition as chips and a number of days. */
function partsOf(where: JsonObject): { readonly group: Group; readonly window: Window | undefined } {
  const group = readFilter(where)
  const last = group.parts.find((part) => part.kind === 'test' && part.comparison === 'past' && spanOf(part.value)?.unit === 'd')
  const window = last?.kind === 'test' ? { field: last.path, days: spanOf(last.value)?.count ?? 0 } : undefined
  return { group: { ...group, parts: group.parts.filter((part) => part !== last) }, window }
}

function conditionFrom(group: Group, window: Window | undefined): JsonObject | null {
  const last = window === undefined ? [] : [{ kind: 'test', path: window.field, comparison: 'past', value: `${String(window.days)}d` } as const]
  return writeFilter({ ...group, parts: [...group.parts, ...last] }) ?? null
}

declare global {
  interface HTMLElementTagNameMap {
    'computed-editor': ComputedEditor
  }
}
