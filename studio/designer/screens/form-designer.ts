/** The form of an entity, changed by hand: what may be added, the form as people get it with a record that is there, and the chosen element. */
import '../../ui/segments.css'
import './form-designer.css'
import '../panel.css'
import '../../forms/record-form.js'
import '../../forms/related-list.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { JsonObject } from '../../../metadata/contract/json.js'
import type { UiEntity, UiFormElement, UiModel } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { computedIcon } from '../../fields/computed.js'
import type { Surroundings } from '../../fields/contract.js'
import { viewOf } from '../../fields/index.js'
import { relatedListOf } from '../../forms/related-list.js'
import { emptyState } from '../../shell/pages.js'
import { router } from '../../shell/router.js'
import { designPath, formDesignPath, recordPath, textPath } from '../../shell/routes.js'
import { ask } from '../../ui/dialogs.js'
import { icon, type IconName } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { toastProblem } from '../../ui/toast.js'
import { changeForm } from '../commands/change-form.js'
import { addForm, copyForm, formsOf, moveForm, usualForm } from '../commands/forms.js'
import { removeDocument } from '../commands/remove-document.js'
import { entityNamed, suggestName, textLanguages, wholeDocuments, type EntityDefinition } from '../draft/definitions.js'
import type { Design } from '../draft/draft-store.js'
import { entry, shownField } from '../entry.js'
import type { Operation } from '../draft/operations.js'
import type { Perform } from '../entities/field-panel.js'
import { placeText, Titles, problemText } from '../words.js'
import { formRow, formSettings, type FormChoice } from './form-choice.js'
import { droppedOn, movable, placeIn } from './form-dragging.js'
import * as edits from './form-edits.js'
import { formPanel, missingFields, missingRelations } from './form-panel.js'
import { generatedForm, subjectOf, valuesFor } from './form-subject.js'
import { control, elementOf, formPath, newNode, nodeAt, nodeOf, placesIn, readForm, shownForm, typeOf, type FormNode, type Place } from './form-tree.js'
import { partTitle } from './form-words.js'

const widths = ['desktop', 'phone', 'both'] as const
type Width = (typeof widths)[number]
const widthIcons: Readonly<Record<Width, IconName>> = { desktop: 'screen', phone: 'mobile', both: 'columns' }

/** `<form-designer .client .model .drafted .design .name .form .query .surroundings .perform>`: the form `form` of the entity `name`; `?record=` says with whose values. */
@customElement('form-designer')
export class FormDesigner extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, drafted: { attribute: false }, design: { attribute: false }, name: {}, form: {}, query: {}, surroundings: { attribute: false }, perform: { attribute: false }, chosen: { state: true }, record: { state: true }, width: { state: true } }
  declare client: Client | undefined
  /** As it is in force: whose records there are. */
  declare model: UiModel | undefined
  /** As the draft has it: what the form can show. */
  declare drafted: UiModel | undefined
  declare design: Design | undefined
  declare name: string
  declare form: string
  declare query: string
  declare surroundings: Surroundings
  declare perform: Perform
  declare chosen: Place | null
  declare record: JsonObject | null
  declare width: Width
  #undrop: () => void = () => undefined
  #asked = 0

  constructor() {
    super()
    this.name = ''
    this.form = usualForm
    this.query = ''
    this.chosen = null
    this.record = null
    this.width = 'desktop'
    new Watch(this, language)
  }

  override firstUpdated(): void {
    void this.#load(Number(new URLSearchParams(this.query).get('record') ?? 0))
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#undrop = droppedOn(this, (source, target) => this.#dropped(source, target))
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#undrop()
  }

  /** The record that is looked at: the one asked for, else the first. */
  async #load(id: number): Promise<void> {
    const { client, model, name } = this
    if (client === undefined || model?.entities[name] === undefined) return
    this.#asked += 1
    const asked = this.#asked
    try {
      const record = id > 0 ? (await client.records.get(name, id)).body : (await client.records.list(name, { limit: 1 })).records[0]
      const whole = record === undefined || id > 0 ? record : (await client.records.get(name, record.id)).body
      if (asked === this.#asked && whole !== undefined) this.record = whole
    } catch (thrown) {
      toastProblem(thrown)
    }
  }

  get #path(): string {
    return formPath(this.name, this.form)
  }

  // ── which form ──

  #choice(design: Design, form: FormNode): FormChoice {
    const { documents } = design.draft
    const add = (title: string, made: (documents: Design['draft']['documents'], name: string) => readonly Operation[]): void => {
      const name = suggestName(title, 'form', formsOf(documents, this.name, 'en').map((one) => one.name))
      this.perform((now) => made(now, name))
      void router.go(formDesignPath(this.name, null, name))
    }
    return {
      documents, entity: this.name, form: this.form, surroundings: this.surroundings, perform: this.perform,
      add: () => add(t('forms.new'), (now, name) => addForm(now, this.name, name, { ...this.#plainForm(), title: t('forms.new') })),
      copy: () => add(t('forms.new'), (now, name) => (now[this.#path] === undefined ? addForm(now, this.name, name, { ...elementOf(form), title: t('forms.new') }) : copyForm(now, this.name, this.form, name, t('forms.new')))),
      move: (by) => this.perform((now) => moveForm(now, this.name, this.form, by)),
      remove: () => void this.#remove(),
    }
  }

  /** All fields, two in a line. */
  #plainForm(): JsonObject {
    const keys = (this.#entity?.fields ?? []).filter(({ archived }) => !archived).map(({ key }) => key)
    const lines = keys.flatMap((key, index) => (index % 2 === 1 ? [] : [keys.slice(index, index + 2).map(control)]))
    return { type: 'VerticalLayout', elements: lines.map((elements) => ({ type: 'HorizontalLayout', elements })) }
  }

  async #remove(): Promise<void> {
    if (!(await ask({ title: t(this.form === usualForm ? 'forms.resetTitle' : 'forms.removeTitle'), text: t('text.removeText'), yes: t(this.form === usualForm ? 'forms.reset' : 'forms.remove'), no: t('cancel'), danger: true }))) return
    this.perform((documents) => removeDocument(documents, this.#path))
    await router.go(formDesignPath(this.name))
  }

  get #entity(): EntityDefinition | null {
    const { design } = this
    return design === undefined ? null : entityNamed(wholeDocuments(design.draft.documents, design.inferred), design.types, language.value, this.name)
  }

  override render(): TemplateResult | typeof nothing {
    const { design, drafted } = this
    const entity = this.#entity
    if (design === undefined || drafted === undefined) return nothing
    if (entity === null) return html`<div class="page-center">${emptyState({ icon: 'shapes', title: t('designer.noEntity'), text: t('designer.noEntityText'), action: html`<a class="button primary" href="/studio">${t('designer.toEntities')}</a>` })}</div>`
    if (this.form !== usualForm && design.draft.documents[this.#path] === undefined) return html`<div class="page-center">${emptyState({ icon: 'panel', title: t('forms.none'), text: t('forms.noneText'), action: html`<a class="button primary" href=${formDesignPath(entity.name)}>${t('forms.toUsual')}</a>` })}</div>`
    // The form to begin with is the engine's: what would be made of it here meanwhile is another.
    if (drafted.entities[entity.name] === undefined && design.checked !== design.draft.documents) return html`<div class="record-skeleton" role="status" aria-label=${t('loading')}>${Array.from({ length: 7 }, () => html`<i></i>`)}</div>`
    const subject = subjectOf(entity, drafted)
    const form = this.#form(design, entity, subject)
    const choice = this.#choice(design, form)
    const chosen = this.chosen !== null && nodeAt(form, this.chosen) !== null ? this.chosen : null
    return html`
      ${this.#head(entity, subject)}
      ${formRow(choice)}
      <div class="form-columns" data-width=${this.width} ?data-selected=${chosen !== null}>
        <aside class="form-palette" aria-label=${t('form.palette')}>${this.#palette(form, subject)}</aside>
        <div class="form-stage">
          ${this.#problems(design)}
          ${this.#previews(design, entity, { ...subject, form: shownForm(form, language.value) }, form)}
        </div>
        <aside class="panel" aria-label=${t('designer.properties')}>
          ${chosen === null ? formSettings(choice) : formPanel({
            form, place: chosen, entity: subject, model: drafted, surroundings: this.surroundings, path: this.#path, tags: textLanguages(design.draft.documents), language: language.value,
            edit: (edit, name) => this.#edit(edit, name), choose: (place) => (this.chosen = place),
          })}
        </aside>
      </div>
    `
  }

  #form(design: Design, entity: EntityDefinition, subject: UiEntity): FormNode {
    return readForm(design.draft.documents, this.#path) ?? nodeOf(generatedForm(entity, subject) as unknown as JsonObject)
  }

  get #current(): FormNode | null {
    const { design, drafted } = this
    const entity = this.#entity
    return design === undefined || drafted === undefined || entity === null ? null : this.#form(design, entity, subjectOf(entity, drafted))
  }

  #edit(edit: (form: FormNode) => FormNode, name = ''): void {
    const { design, drafted } = this
    const entity = this.#entity
    if (design === undefined || drafted === undefined || entity === null) return
    const start = nodeOf(generatedForm(entity, subjectOf(entity, drafted)) as unknown as JsonObject)
    this.perform((documents) => changeForm(documents, this.#path, start, edit), name)
  }

  #head(entity: EntityDefinition, subject: UiEntity): TemplateResult {
    const id = Number(this.record?.['id'] ?? 0)
    return html`
      <header class="studio-head form-head">
        <a class="plain icon-only" href=${designPath(entity.name)} aria-label=${t('form.back', { entity: entity.plural })}>${icon('arrowLeft')}</a>
        <div class="entity-title"><h1>${t('form.title', { entity: entity.title })}</h1></div>
        <span class="grow"></span>
        ${this.model?.entities[entity.name] === undefined ? nothing : html`<div class="form-record">${entry(this.surroundings, {
          field: shownField('form-record', t('form.record'), 'reference', { to: subject.name }), value: id > 0 ? id : null, label: '',
          change: (value) => { if (typeof value === 'number' && value !== id) void this.#load(value) },
        })}</div>`}
        <div class="segments" role="group" aria-label=${t('form.width')}>${widths.map((width) => html`<button type="button" class="plain icon-only" title=${t(`form.width.${width}`)} aria-label=${t(`form.width.${width}`)} aria-pressed=${width === this.width ? 'true' : 'false'} @click=${() => (this.width = width)}>${icon(widthIcons[width])}</button>`)}</div>
        ${id > 0 ? html`<a class="plain icon-only" href=${recordPath(entity.name, id)} title=${t('form.openRecord')} aria-label=${t('form.openRecord')}>${icon('external')}</a>` : nothing}
        <a class="plain icon-only" href=${textPath(this.#path)} title=${t('form.asText')} aria-label=${t('form.asText')}>${icon('braces')}</a>
      </header>
    `
  }

  #problems(design: Design): TemplateResult | typeof nothing {
    const path = this.#path
    const shown = design.problems.filter((problem) => problem.path.split('#')[0] === path)
    if (shown.length === 0) return nothing
    return html`<ul class="problem-list">${shown.map((problem) => html`<li>${icon('warning')}<span>${problemText(problem)} <a href=${textPath(path, problem.path.split('#')[1] ?? '')}>${placeText(problem.path, new Titles(design.draft.documents))}</a></span></li>`)}</ul>`
  }

  // ── what may be added ──

  #palette(form: FormNode, subject: UiEntity): TemplateResult {
    const fields = missingFields(form, subject)
    const relations = missingRelations(form, subject)
    return html`
      <h2>${t('form.parts')}</h2>
      <ul>${this.#offer('Group', 'box', t('form.part.Group'))}${this.#offer('Category', 'panel', t('form.part.Category'))}${this.#offer('Label', 'text', t('form.part.Label'))}</ul>
      <h2>${t('form.fields')}</h2>
      ${fields.length === 0 ? html`<p class="quiet">${t('form.allFields')}</p>` : html`<ul>${fields.map((field) => this.#offer(`field:${field.key}`, computedIcon(field.computed ?? '') ?? viewOf(field.type).icon, field.title))}</ul>`}
      ${relations.length === 0 ? nothing : html`<h2>${t('form.relations')}</h2><ul>${relations.map(({ name, title }) => this.#offer(`relation:${name}`, 'links', title))}</ul>`}
    `
  }

  #offer(what: string, symbol: IconName, title: string): TemplateResult {
    return html`<li><button type="button" class="form-offer" data-new=${what} ${movable()} aria-label=${t('form.add', { part: title })} @click=${() => this.#add(what)}>${icon(symbol)}<span>${title}</span>${icon('plus')}</button></li>`
  }

  #made(what: string): FormNode {
    const [kind = '', name = ''] = what.split(':')
    if (kind === 'field') return newNode(control(name))
    if (kind === 'relation') return newNode({ type: 'RelatedList', options: { relation: name } })
    return newNode(kind === 'Label' ? { type: kind, text: t('form.newText') } : { type: kind, label: t(kind === 'Category' ? 'form.newTab' : 'form.newSection') })
  }

  /** By click or keyboard: into the chosen section, beside the chosen field, else to the end of what is in sight. */
  #add(what: string): void {
    const form = this.#current
    if (form === null) return
    if (what === 'Category') {
      const change = (now: FormNode): FormNode => this.#withTab(now)
      this.#edit(change)
      const index = (change(form).children?.length ?? 1) - 1
      this.chosen = [index]
      for (const preview of this.querySelectorAll('record-form')) preview.chosen = { ...preview.chosen, '': index }
      return
    }
    const made = this.#made(what)
    const target = this.#spot(form)
    const change = (now: FormNode): FormNode => edits.place(now, made, target)
    this.#edit(change)
    this.chosen = placesIn(change(form)).find(({ node }) => node.own === made.own)?.place ?? null
  }

  #withTab(form: FormNode): FormNode {
    return edits.addTab(form, t('form.newTab'), this.design === undefined ? [] : textLanguages(this.design.draft.documents))
  }

  #spot(form: FormNode): edits.Target {
    const chosen = this.chosen
    const node = chosen === null ? null : nodeAt(form, chosen)
    if (chosen !== null && node !== null && node.children !== null && typeOf(node) !== 'Categorization' && typeOf(node) !== 'HorizontalLayout') return { into: chosen, index: Number.MAX_SAFE_INTEGER }
    if (chosen !== null && node !== null) {
      const parent = nodeAt(form, chosen.slice(0, -1))
      const line = parent !== null && typeOf(parent) === 'HorizontalLayout' ? chosen.slice(0, -1) : chosen
      return { into: line.slice(0, -1), index: (line.at(-1) ?? 0) + 1 }
    }
    return { into: typeOf(form) === 'Categorization' ? [this.#openTab] : [], index: Number.MAX_SAFE_INTEGER }
  }

  get #openTab(): number {
    return this.querySelector('record-form')?.chosen[''] ?? 0
  }

  #dropped(source: HTMLElement, target: edits.Target): void {
    const { part, new: made } = source.dataset
    if (made === 'Category') this.#edit((form) => this.#withTab(form))
    else if (made !== undefined) this.#edit((form) => edits.place(form, this.#made(made), target))
    else if (part !== undefined) this.#edit((form) => edits.move(form, placeIn(part), target))
    this.chosen = null
  }

  // ── the form as people get it ──

  #previews(design: Design, entity: EntityDefinition, subject: UiEntity, form: FormNode): TemplateResult {
    const values = this.record === null ? {} : valuesFor(entity, design.published, this.record)
    const shown = this.width === 'both' ? (['desktop', 'phone'] as const) : [this.width]
    return html`<div class="form-previews">${shown.map((width) => html`
      <div class="form-preview" data-width=${width}>
        <record-form .entity=${subject} .values=${values} .mode=${'update'} .surroundings=${this.surroundings} .related=${(element: UiFormElement) => this.#related(element, subject)}
          .frame=${(element: UiFormElement, place: string, content: TemplateResult | typeof nothing) => this.#frame(element, place, content, form, subject)}></record-form>
      </div>`)}</div>`
  }

  #related(element: UiFormElement, subject: UiEntity): TemplateResult | typeof nothing {
    const id = Number(this.record?.['id'] ?? 0)
    if (id > 0) return relatedListOf(element, subject, { client: this.client, model: this.drafted, recordId: id, surroundings: this.surroundings })
    const relation = subject.relations.find(({ name }) => name === element.options?.['relation'])
    return relation === undefined ? nothing : html`<section class="related"><h2>${element.label ?? relation.title}</h2><p class="quiet">${t('form.noRecordYet')}</p></section>`
  }

  #frame(element: UiFormElement, place: string, content: TemplateResult | typeof nothing, form: FormNode, subject: UiEntity): TemplateResult {
    const at = placeIn(place)
    const node = nodeAt(form, at)
    if (node === null) return html`${content}`
    if (place === '') return html`<div class="form-part whole" data-part="" data-holds @click=${(event: Event) => this.#clicked(event, at)}>${content}</div>`
    const holds = element.elements !== undefined
    const title = partTitle(node, subject, language.value)
    const isChosen = this.chosen?.join('/') === at.join('/')
    return html`
      <div class="form-part" data-part=${place} data-kind=${element.type} ?data-holds=${holds} ?data-chosen=${isChosen} ${movable()} @click=${(event: Event) => this.#clicked(event, at)}>
        <button type="button" class="part-handle" aria-pressed=${isChosen ? 'true' : 'false'} aria-label=${t('form.chosen', { part: title })} title=${title} @keydown=${(event: KeyboardEvent) => this.#keyed(event, at, form)}>${icon('dots')}<span>${title}</span>${node.own['rule'] === undefined ? nothing : icon('eye')}</button>
        ${holds ? html`${content}${element.elements?.length === 0 ? html`<p class="form-empty">${t('form.dropHere')}</p>` : nothing}` : html`<div inert>${content === nothing ? html`<p class="form-resting">${icon('archive')}${t('form.resting', { field: title })}</p>` : content}</div>`}
      </div>
    `
  }

  #clicked(event: Event, at: Place): void {
    const tab = event.target instanceof Element ? event.target.closest('[role=tab]') : null
    event.stopPropagation()
    // A tab is chosen by its name: all of them are in sight, in their order.
    if (tab !== null) this.chosen = [...at, [...(tab.parentElement?.children ?? [])].indexOf(tab)]
    else if (at.length > 0) this.chosen = at
  }

  /** Alt with arrows moves, Delete takes out: where the element goes the keyboard goes. */
  #keyed(event: KeyboardEvent, at: Place, before: FormNode): void {
    const by = event.altKey ? { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key] : undefined
    if (event.key !== 'Delete' && by === undefined) return
    event.preventDefault()
    event.stopPropagation()
    if (by === undefined) {
      this.#edit((form) => edits.remove(form, at))
      this.chosen = null
      return
    }
    const change = (form: FormNode): FormNode => edits.step(form, at, by === 1 ? 1 : -1)
    this.#edit(change)
    this.chosen = edits.placeAfter(before, at, change)
    void this.#focusHandle(event.currentTarget instanceof Element ? event.currentTarget.closest('.form-preview') : null)
  }

  async #focusHandle(preview: Element | null): Promise<void> {
    await this.updateComplete
    await this.querySelector('record-form')?.updateComplete
    preview?.querySelector<HTMLElement>('.form-part[data-chosen] > .part-handle')?.focus()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'form-designer': FormDesigner
  }
}
