/** Draws a form from its UI schema (JSON Forms) and the fields' own inputs. Keeps no values: `edit` and `touch` tell the page. */
import './record-form.css'
import '../fields/inputs.js'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { keyed } from 'lit/directives/keyed.js'
import { repeat } from 'lit/directives/repeat.js'

import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity, UiField, UiFormElement } from '../../metadata/contract/ui-model.js'
import { fieldOf } from '../client/model.js'
import { hasText, language, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import type { FieldSlot, Surroundings } from '../fields/contract.js'
import { computedIcon } from '../fields/computed.js'
import { viewOf } from '../fields/index.js'
import { unreadMessage } from '../fields/unread.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { tabBar } from '../ui/tab-bar.js'
import { readFilter } from '../lists/filter/filter-tree.js'
import { groupWords } from '../lists/filter/filter-words.js'
import { fits } from './checks.js'
import type { UnreadDetail } from './form-state.js'
import { isNeeded, isRequired } from './required.js'

export interface EditDetail {
  readonly key: string
  readonly value: Json
}

/** How a form is used: which fields may be written. */
export type FormMode = 'create' | 'update' | 'read'

/** True when the person may write a field in this mode. */
export const isWritable = (field: UiField, mode: FormMode): boolean => (mode === 'create' ? field.createable : mode === 'update' && field.updateable && !field.masked)

/** A page may show several forms: their panels have ids of their own. */
let count = 0

/** `<record-form .entity .values .problems .notes .mode .surroundings .related>`; fires `edit` (EditDetail), `touch` (detail: key), `unread` (UnreadDetail) and `why` (detail: key). */
@customElement('record-form')
export class RecordForm extends LightElement {
  static override properties = {
    entity: { attribute: false },
    values: { attribute: false },
    problems: { attribute: false },
    mode: {},
    surroundings: { attribute: false },
    related: { attribute: false },
    notes: { attribute: false },
    explains: { type: Boolean },
    frame: { attribute: false },
    chosen: { state: true },
  }
  declare entity: UiEntity | undefined
  declare values: JsonObject
  /** What is to be shown as wrong, by JSON Pointer. */
  declare problems: Readonly<Record<string, string>>
  declare mode: FormMode
  declare surroundings: Surroundings | undefined
  /** A sentence under the values of some fields, by key. */
  declare notes: Readonly<Record<string, string>>
  /** Somebody answers `why`: then what cannot be changed has a button that asks. */
  declare explains: boolean
  /** Draws a list of related records; nothing on a record that is not saved yet. */
  declare related: (element: UiFormElement) => TemplateResult | typeof nothing
  /** Puts something around each element, for whoever changes the form: then all of it is in sight, whatever its rules say. */
  declare frame: ((element: UiFormElement, place: string, content: TemplateResult | typeof nothing) => TemplateResult) | undefined
  /** Chosen tab of each categorization, by its place in the form. */
  declare chosen: Readonly<Record<string, number>>
  readonly #number = (count += 1)
  /** Places of the tabs that were looked into. */
  readonly #seen = new Set<string>()

  constructor() {
    super()
    this.values = {}
    this.problems = {}
    this.notes = {}
    this.explains = false
    this.mode = 'read'
    this.related = () => nothing
    this.chosen = {}
    new Watch(this, language)
  }

  /** Shows and focuses the first field that has a problem. */
  async showFirstProblem(): Promise<void> {
    const [first] = Object.keys(this.problems)
    const key = first?.split('/')[1]
    if (key === undefined || this.entity === undefined) return
    this.chosen = { ...this.chosen, ...tabsTo(this.entity.form, key) }
    await this.updateComplete
    const place = this.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)
    place?.scrollIntoView({ block: 'center' })
    place?.querySelector<HTMLElement>('[invalid]')?.focus()
  }

  override render(): TemplateResult | typeof nothing {
    return this.entity === undefined ? nothing : html`<div class="form">${this.#element(this.entity.form, '')}${this.#others(this.entity)}</div>`
  }

  /** A field that the form's author left out is still needed: for a new record, or because of what stands in others. */
  #others(entity: UiEntity): TemplateResult | typeof nothing {
    if (this.mode === 'read' || this.frame !== undefined) return nothing
    const left = entity.fields.filter((field) => isWritable(field, this.mode) && !shows(entity.form, field.key) && ((this.mode === 'create' && field.required && field.filled !== true && field.default === undefined) || isNeeded(field, this.values)))
    return left.length === 0 ? nothing : html`<div class="form-row">${left.map((field) => this.#field(field, { type: 'Control' }, false))}</div>`
  }

  #element(element: UiFormElement, place: string): TemplateResult | typeof nothing {
    if (!this.#visible(element)) return nothing
    const draw = drawings[element.type]
    return this.#framed(element, place, draw === undefined ? this.#all(element, place) : draw(this, element, place))
  }

  #framed(element: UiFormElement, place: string, content: TemplateResult | typeof nothing): TemplateResult | typeof nothing {
    return this.frame === undefined ? content : this.frame(element, place, content)
  }

  /** Children one below the other. */
  #all(element: UiFormElement, place: string): TemplateResult {
    return html`${(element.elements ?? []).map((child, index) => this.#element(child, `${place}/${index}`))}`
  }

  drawColumn(element: UiFormElement, place: string): TemplateResult {
    return html`<div class="form-column">${this.#all(element, place)}</div>`
  }

  drawRow(element: UiFormElement, place: string): TemplateResult {
    return html`<div class="form-row">${this.#all(element, place)}</div>`
  }

  drawGroup(element: UiFormElement, place: string): TemplateResult {
    return html`<section class="form-group" aria-label=${element.label ?? nothing}>${element.label === undefined || element.label === '' ? nothing : html`<h2>${element.label}</h2>`}<div class="form-column">${this.#all(element, place)}</div></section>`
  }

  drawLabel(element: UiFormElement): TemplateResult {
    return html`<p class="form-label">${element.text ?? element.label ?? ''}</p>`
  }

  drawTabs(element: UiFormElement, place: string): TemplateResult {
    const tabs = (element.elements ?? []).map((tab, index) => ({ tab, index })).filter(({ tab }) => this.#visible(tab))
    const wanted = this.chosen[place] ?? 0
    const selected = Math.max(0, tabs.findIndex(({ index }) => index === wanted))
    const current = tabs[selected]
    if (current !== undefined) this.#seen.add(`${place}/${current.index}`)
    // Where something is wrong the inputs stay behind the other tab: a text that is no value is known to nobody else.
    const drawn = tabs.filter((one) => one === current || (this.frame === undefined && this.#seen.has(`${place}/${one.index}`) && this.#wrongIn(one.tab) > 0))
    const panel = `panel-${String(this.#number)}${place.replaceAll('/', '-')}`
    const shown = tabs.map(({ tab }) => ({ label: tab.label ?? '', alert: this.#wrongIn(tab), alertLabel: t('record.invalid', { count: this.#wrongIn(tab) }) }))
    return html`
      ${tabs.length < 2 && this.frame === undefined ? nothing : tabBar(t('form.tabs'), shown, selected, panel, (index) => this.#choose(place, tabs[index]?.index))}
      ${repeat(drawn, ({ index }) => index, (one) => html`<div class="form-column" id=${one === current ? panel : nothing} role="tabpanel" ?hidden=${one !== current} aria-label=${one.tab.label ?? nothing}>${this.#framed(one.tab, `${place}/${one.index}`, this.#all(one.tab, `${place}/${one.index}`))}</div>`)}
    `
  }

  drawControl(element: UiFormElement): TemplateResult | typeof nothing {
    const field = this.entity === undefined ? undefined : fieldOf(this.entity, keyOf(element.scope ?? ''))
    return field === undefined ? nothing : this.#field(field, element, this.#disabled(element))
  }

  drawRelated(element: UiFormElement): TemplateResult | typeof nothing {
    return this.related(element)
  }

  #choose(place: string, index: number | undefined): void {
    if (index !== undefined && index !== (this.chosen[place] ?? 0)) this.chosen = { ...this.chosen, [place]: index }
  }

  #wrongIn(element: UiFormElement): number {
    return Object.keys(this.problems).filter((path) => shows(element, path.split('/')[1] ?? '')).length
  }

  #field(field: UiField, element: UiFormElement, disabled: boolean): TemplateResult {
    const view = viewOf(field.type)
    const label = element.options?.['label'] === false ? '' : (element.label ?? field.title)
    const wide = view.wide || element.options?.['multi'] === true
    const writable = isWritable(field, this.mode) && element.options?.['readonly'] !== true
    // Each field has an input of its own: one that a tab before used for another field would tell that field about this one's value.
    const content = writable ? html`${keyed(field.key, view.input(this.#slot(field, label, disabled)))}${this.#note(field)}` : this.#shown(field, label)
    return html`<div class="form-field ${wide ? 'wide' : ''}" data-key=${field.key}>${content}${writable && isNeeded(field, this.values) ? this.#needed(field) : nothing}</div>`
  }

  #slot(field: UiField, label: string, disabled: boolean): FieldSlot {
    const pointer = `/${field.key}`
    const inner = Object.fromEntries(Object.entries(this.problems).flatMap(([path, message]) => (path.startsWith(`${pointer}/`) ? [[path.slice(pointer.length), message]] : [])))
    return {
      ...surroundingsOf(this.surroundings),
      field, label, disabled, inner,
      value: this.values[field.key] ?? null,
      required: isRequired(field, this.values, this.mode === 'create'),
      error: this.problems[pointer] ?? '',
      help: field.help ?? '',
      change: (value) => this.dispatchEvent(new CustomEvent<EditDetail>('edit', { detail: { key: field.key, value } })),
      touch: () => this.dispatchEvent(new CustomEvent<string>('touch', { detail: field.key })),
      unread: (text, at = '', part = field) => this.dispatchEvent(new CustomEvent<UnreadDetail>('unread', { detail: { path: pointer + at, message: text === null ? null : unreadMessage(viewOf(part.type), text) } })),
    }
  }

  /** Why a field is required just now. */
  #needed({ requiredWhen }: UiField): TemplateResult | typeof nothing {
    const { entity } = this
    if (entity === undefined || requiredWhen === undefined) return nothing
    const context = { model: { entities: { [entity.name]: entity } }, surroundings: surroundingsOf(this.surroundings) }
    return html`<small class="needed-why">${t('form.neededBecause')} ${groupWords(context, entity, readFilter(requiredWhen))}</small>`
  }

  /** A field that is read only: its name and its value, and why it cannot be changed. */
  #shown(field: UiField, label: string): TemplateResult {
    const value = this.values[field.key] ?? null
    const how = `computed.how.${field.computed ?? ''}${field.moves === true ? '.moves' : ''}`
    const reason = field.masked ? t('record.masked') : hasText(how) ? t(how) : this.mode === 'read' ? '' : t('record.readOnly')
    return html`
      <div class="shown-label">${label}${reason === '' ? nothing : this.#why(field, reason)}</div>
      <div class="shown-value">${value === null || value === '' ? html`<span class="quiet">${field.masked ? t('record.masked') : t('record.empty')}</span>` : this.#read(field, value)}</div>
      ${this.#note(field)}
    `
  }

  #note(field: UiField): TemplateResult | typeof nothing {
    const fillsItself = this.mode === 'create' && field.filled === true && (this.values[field.key] ?? null) === null
    const note = this.notes[field.key] ?? (fillsItself ? t('rules.willFill') : undefined)
    return note === undefined ? nothing : html`<small class="shown-note" role="status">${note}</small>`
  }

  #why(field: UiField, reason: string): TemplateResult {
    const sign = icon(field.masked ? 'eyeOff' : (computedIcon(field.computed ?? '') ?? 'lock'))
    if (!this.explains) return html`<span class="shown-why" title=${reason} role="img" aria-label=${reason}>${sign}</span>`
    return html`<button type="button" class="shown-why" title=${reason} aria-label=${t('why.ofField', { field: field.title })} @click=${() => this.dispatchEvent(new CustomEvent('why', { detail: field.key }))}>${sign}</button>`
  }

  #read(field: UiField, value: Json): TemplateResult | string {
    const view = viewOf(field.type)
    const shown = { ...surroundingsOf(this.surroundings), field }
    return view.page?.(value, shown) ?? view.cell(value, shown)
  }

  /** SHOW and HIDE; without a rule an element is visible, as far as there is anything in it. */
  #visible(element: UiFormElement): boolean {
    if (this.frame !== undefined) return true
    if (element.type === 'RelatedList' && this.mode === 'create') return false
    if (element.elements !== undefined && !element.elements.some((child) => this.#visible(child))) return false
    const effect = element.rule?.effect
    if (effect === 'SHOW') return this.#holds(element)
    return effect === 'HIDE' ? !this.#holds(element) : true
  }

  #disabled(element: UiFormElement): boolean {
    const effect = element.rule?.effect
    if (effect === 'ENABLE') return !this.#holds(element)
    return effect === 'DISABLE' ? this.#holds(element) : false
  }

  #holds(element: UiFormElement): boolean {
    const condition = element.rule?.condition
    return condition === undefined || fits(condition.schema, valueAt(this.values, condition.scope))
  }
}

type Drawing = (form: RecordForm, element: UiFormElement, place: string) => TemplateResult | typeof nothing

/** How each kind of UI schema element is drawn; unknown ones are seen through. */
const drawings: Readonly<Record<string, Drawing>> = {
  VerticalLayout: (form, element, place) => form.drawColumn(element, place),
  HorizontalLayout: (form, element, place) => form.drawRow(element, place),
  Group: (form, element, place) => form.drawGroup(element, place),
  Categorization: (form, element, place) => form.drawTabs(element, place),
  Control: (form, element) => form.drawControl(element),
  Label: (form, element) => form.drawLabel(element),
  RelatedList: (form, element) => form.drawRelated(element),
}

/** Field that a scope such as `#/properties/tier` names. */
const keyOf = (scope: string): string => (/^#\/properties\/([^/]+)/.exec(scope)?.[1] ?? '').replaceAll('~1', '/').replaceAll('~0', '~')

/** Value at a scope such as `#/properties/address/properties/city`. */
function valueAt(values: JsonObject, scope: string): Json {
  let value: Json = values
  for (const part of scope.replace(/^#/, '').split('/').filter((name) => name !== '' && name !== 'properties')) {
    value = isObject(value) ? (value[part] ?? null) : null
  }
  return value
}

/** True when an element contains the control of a field. */
const shows = (element: UiFormElement, key: string): boolean => keyOf(element.scope ?? '') === key || (element.elements ?? []).some((child) => shows(child, key))

/** Tabs that must be chosen so that a field is in sight. */
function tabsTo(element: UiFormElement, key: string, place = ''): Readonly<Record<string, number>> {
  const children = element.elements ?? []
  const index = children.findIndex((child) => shows(child, key))
  const child = children[index]
  if (child === undefined) return {}
  return { ...(element.type === 'Categorization' ? { [place]: index } : {}), ...tabsTo(child, key, `${place}/${index}`) }
}

/** The page sets the surroundings before the first field is drawn. */
function surroundingsOf(surroundings: Surroundings | undefined): Surroundings {
  if (surroundings === undefined) throw new Error('record-form needs surroundings')
  return surroundings
}

declare global {
  interface HTMLElementTagNameMap {
    'record-form': RecordForm
  }
}
