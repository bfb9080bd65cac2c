/** The lists that everybody is offered for an entity: their order on one side, and the list itself, whose own tools change it in the draft. */
import './view-designer.css'
import '../../lists/list-page.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { keyed } from 'lit/directives/keyed.js'

import type { JsonObject } from '../../../metadata/contract/json.js'
import type { UiEntity, UiList, UiModel } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { fieldAt } from '../../client/model.js'
import { language, languageTitle, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import type { Surroundings } from '../../fields/contract.js'
import { definitionOf, readState, usualState, writeState, type ListState } from '../../lists/list-state.js'
import { emptyState } from '../../shell/pages.js'
import { router } from '../../shell/router.js'
import { designPath, listPath, textPath, viewDesignPath } from '../../shell/routes.js'
import { ask } from '../../ui/dialogs.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { moveDocument, nameByTitle } from '../commands/follow-title.js'
import { removeDocument } from '../commands/remove-document.js'
import { setTranslation } from '../commands/set-field.js'
import { setValue } from '../commands/set-value.js'
import { addView, moveView, setView, viewPath, viewsOf, type ViewDraft } from '../commands/set-view.js'
import { listOf, suggestName, textLanguages, textOf, translated } from '../draft/definitions.js'
import type { Design } from '../draft/draft-store.js'
import { entry, shownField } from '../entry.js'
import type { Perform } from '../entities/field-panel.js'
import { problemText } from '../words.js'
import { rolesField } from './form-choice.js'

/** `<view-designer .client .model .design .entity .view .surroundings .perform>`; `view` is the name of the list that is open, '' for the first. */
@customElement('view-designer')
export class ViewDesigner extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, design: { attribute: false }, entity: {}, view: {}, surroundings: { attribute: false }, perform: { attribute: false }, looked: { state: true } }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare design: Design | undefined
  declare entity: string
  declare view: string
  declare surroundings: Surroundings
  declare perform: Perform
  /** What is looked for and when, which is no part of the list. */
  declare looked: ListState

  constructor() {
    super()
    this.entity = ''
    this.view = ''
    this.looked = usualState
    new Watch(this, language)
  }

  override render(): TemplateResult | typeof nothing {
    const { design, model } = this
    if (design === undefined || model === undefined) return nothing
    const live = model.entities[this.entity]
    if (live === undefined) return html`<div class="page-center">${emptyState({ icon: 'list', title: t('view.unpublished'), text: t('view.unpublishedText'), action: html`<a class="button primary" href=${designPath(this.entity)}>${t('back')}</a>` })}</div>`
    const views = viewsOf(design.draft.documents, this.entity, language.value)
    const chosen = views.find(({ name }) => name === this.view) ?? (this.view === '' ? views[0] : undefined)
    return html`
      <header class="studio-head">
        <a class="plain icon-only" href=${designPath(this.entity)} aria-label=${t('form.back', { entity: live.plural })}>${icon('arrowLeft')}</a>
        <div class="entity-title"><h1>${t('view.title', { entity: live.plural })}</h1></div>
        <span class="grow"></span>
        ${chosen === undefined ? nothing : html`
          ${design.published.documents[chosen.path] === undefined ? nothing : html`<a class="plain icon-only" href=${listPath(this.entity, `?view=${encodeURIComponent(chosen.name)}`)} title=${t('view.open')} aria-label=${t('view.open')}>${icon('external')}</a>`}
          <a class="plain icon-only" href=${textPath(chosen.path)} title=${t('form.asText')} aria-label=${t('form.asText')}>${icon('braces')}</a>`}
      </header>
      <div class="view-columns">
        <nav class="view-order" aria-label=${t('view.title', { entity: live.plural })}>
          <ul>${views.map((view, index) => this.#row(view, view === chosen, index, views.length))}</ul>
          <button type="button" class="plain accent" @click=${() => void this.#add(live, views)}>${icon('plus')}${t('view.add')}</button>
          ${chosen === undefined ? nothing : this.#names(design, chosen)}
        </nav>
        <div class="view-stage">${chosen === undefined
          ? emptyState({ icon: 'list', title: t('view.none'), text: t('view.noneText') })
          : html`${this.#problems(design, chosen)}${this.#isBroken(design, chosen) ? html`<p class="view-broken"><a href=${textPath(chosen.path)}>${t('form.asText')}</a></p>` : keyed(chosen.path, html`<list-page .client=${this.client} .model=${model} .entity=${readOnly(live, views)} .query=${writeState(this.looked.view === chosen.name ? this.looked : { ...usualState, view: chosen.name })} .designed=${(state: ListState) => this.#shown(live, chosen, state)}></list-page>`)}`}</div>
      </div>
    `
  }

  #row({ name, title }: ViewDraft, isChosen: boolean, index: number, count: number): TemplateResult {
    const move = (by: -1 | 1): void => this.perform((documents) => moveView(documents, this.entity, name, by))
    return html`<li ?data-chosen=${isChosen}>
      <a href=${viewDesignPath(this.entity, name)} aria-current=${isChosen ? 'page' : nothing}>${title}</a>
      ${isChosen ? html`
        <button type="button" class="plain icon-only" aria-label=${t('form.earlier')} title=${t('form.earlier')} ?disabled=${index === 0} @click=${() => move(-1)}>${icon('arrowUp')}</button>
        <button type="button" class="plain icon-only" aria-label=${t('form.later')} title=${t('form.later')} ?disabled=${index === count - 1} @click=${() => move(1)}>${icon('arrowDown')}</button>` : nothing}
    </li>`
  }

  #names(design: Design, { path, document, name }: ViewDraft): TemplateResult {
    const { documents } = design.draft
    return html`<div class="panel-fields view-names" @focusout=${() => this.#follow(name)}>
      ${entry(this.surroundings, { field: shownField('view-title', t('view.name'), 'text', {}, true), value: textOf(document['title']), change: (text) => { if (typeof text === 'string' && text !== '') this.perform((now) => setValue(now, [path, 'title'], text), `view:${path}`) } })}
      ${textLanguages(documents).map((tag) => entry(this.surroundings, {
        field: shownField(`view-title-${tag}`, t('view.nameIn', { language: languageTitle(tag) }), 'text'), value: translated(documents, tag, path, '/title'),
        change: (text) => this.perform((now) => setTranslation(now, tag, path, '/title', typeof text === 'string' ? text : ''), `view:${tag}:${path}`),
      }))}
      ${rolesField({ documents, surroundings: this.surroundings, name: 'view-roles', title: t('view.roles'), help: t('view.rolesHelp'), value: document['roles'], change: (roles) => this.perform((now) => setValue(now, [path, 'roles'], roles)) })}
      <button type="button" class="plain" @click=${() => void this.#remove(path)}>${icon('trash')}${t('view.remove')}</button>
    </div>`
  }

  #problems(design: Design, { path }: ViewDraft): TemplateResult | typeof nothing {
    const problems = design.problems.filter((problem) => problem.path.split('#')[0] === path)
    return problems.length === 0 ? nothing : html`<ul class="problem-list">${problems.map((problem) => html`<li>${icon('warning')}<span>${problemText(problem)}</span></li>`)}</ul>`
  }

  /** What does not have the shape of a list can only be corrected as text. */
  #isBroken(design: Design, { path }: ViewDraft): boolean {
    return design.problems.some((problem) => problem.path.split('#')[0] === path && /^(schema|document)\./.test(problem.code))
  }

  /** What the list's tools ask for becomes the definition. Columns that are not known yet are none of theirs: they stay. */
  #shown(entity: UiEntity, { path, name }: ViewDraft, asked: ListState): void {
    const state = readState(writeState(asked)) // as it comes out of an address
    const { model, design } = this
    if (model === undefined || design === undefined) return
    const view = viewsOf(design.draft.documents, this.entity, language.value).find((one) => one.name === name)
    if (view === undefined) return
    const list = listFrom(view, entity)
    this.looked = { ...usualState, view: name, q: state.q, ...(state.span !== undefined && { span: state.span }) }
    const definition = definitionOf(list, state)
    const unknown = list.columns.filter((column) => fieldAt(model, entity, column) === undefined && !listOf(definition['columns']).includes(column))
    this.perform((documents) => setView(documents, path, { ...definition, columns: [...listOf(definition['columns']), ...unknown] }))
  }

  async #add(live: UiEntity, views: readonly ViewDraft[]): Promise<void> {
    const title = t('view.new')
    const name = suggestName(title, 'list', views.map((view) => view.name))
    const [first] = views
    const document: JsonObject = { kind: 'list', title, columns: first === undefined ? usualColumns(live) : listFrom(first, live).columns }
    this.perform((documents) => addView(documents, this.entity, name, document))
    await router.go(viewDesignPath(this.entity, name))
  }

  /** Its title is written: the name goes along until it is published. */
  #follow(name: string): void {
    const { design } = this
    if (design === undefined) return
    const { documents } = design.draft
    const pathOf = (one: string): string => viewPath(this.entity, one)
    const next = nameByTitle(documents, design.published.documents, { name, fallback: 'list', pathOf, taken: viewsOf(documents, this.entity, 'en').map((view) => view.name) })
    if (next === null) return
    this.perform((now) => moveDocument(now, pathOf(name), pathOf(next)))
    router.replace(viewDesignPath(this.entity, next))
  }

  async #remove(path: string): Promise<void> {
    if (!(await ask({ title: t('view.removeTitle'), text: t('text.removeText'), yes: t('view.remove'), no: t('cancel'), danger: true }))) return
    this.perform((documents) => removeDocument(documents, path))
    await router.go(viewDesignPath(this.entity))
  }
}

/** Those of the list that the engine generates as long as the entity has none. */
const usualColumns = ({ lists }: UiEntity): readonly string[] => lists[0]?.columns ?? ['id']

/** A list as the draft has it, for the list's own page. */
function listFrom({ name, title, document }: ViewDraft, live: UiEntity): UiList {
  const { kind, columns, sort, filter, groupBy, totals } = document
  const known = live.lists.find((list) => list.name === name)
  const own = typeof kind === 'string' && document[kind] !== undefined ? { [kind]: document[kind] } : {}
  const shown = Array.isArray(columns) ? columns : (known?.columns ?? usualColumns(live))
  // The engine's check tells where the shape is another one.
  return { name, title, columns: shown, sort: textOf(sort), ...(filter !== undefined && { filter }), ...(groupBy !== undefined && { groupBy }), ...(totals !== undefined && { totals }), ...own } as unknown as UiList
}

/** The entity with the draft's lists, whose records are looked at and not changed. */
const readOnly = (live: UiEntity, views: readonly ViewDraft[]): UiEntity => ({
  ...live, lists: views.map((view) => listFrom(view, live)),
  fields: live.fields.map((field) => ({ ...field, createable: false, updateable: false })), may: { ...live.may, create: false, update: false, archive: false },
})

declare global {
  interface HTMLElementTagNameMap {
    'view-designer': ViewDesigner
  }
}
