/** The states that records of an entity go through, as an outline or a picture, and the panel of what is chosen. What is chosen stands in the address. */
import './lifecycle-page.css'
import './lifecycle-picture.js'
import './state-panel.js'
import './way-panel.js'
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'

import { language, listed, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { designPath, textPath } from '../../shell/routes.js'
import { emptyState } from '../../shell/pages.js'
import { router } from '../../shell/router.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { addState, addTransition, lifecyclePath, moveState } from '../commands/change-lifecycle.js'
import { entitiesOf, listOf, textOf } from '../draft/definitions.js'
import type { Desk } from '../desk.js'
import { problemText } from '../words.js'
import { shapeOf, type Shape, type State, type Way } from './lifecycle-shape.js'
import { lifecycleAddress, processesPath } from '../workflows/places.js'
import { conditionWords, durationWords } from '../workflows/sentences.js'
import { rolesOf, wordingFor } from '../workflows/workflows.js'

/** `<lifecycle-page .desk .entity>` */
@customElement('lifecycle-page')
export class LifecyclePage extends LightElement {
  static override properties = { desk: { attribute: false }, entity: {}, picture: { state: true } }
  declare desk: Desk | undefined
  /** Its API name. */
  declare entity: string
  declare picture: boolean

  constructor() {
    super()
    this.entity = ''
    this.picture = false
    new Watch(this, language)
  }

  override render(): TemplateResult | typeof nothing {
    const { desk } = this
    if (desk === undefined) return nothing
    const { documents } = desk.design.draft
    const entity = entitiesOf(documents, desk.design.types, language.value, desk.design.inferred).find(({ name }) => name === this.entity)
    const shape = entity === undefined ? null : shapeOf(documents, language.value, entity)
    if (shape === null) return html`<div class="page-center">${emptyState({ icon: 'flag', title: t('process.noLifecycle'), text: t('process.noLifecycleText'), action: html`<a class="button primary" href=${processesPath}>${t('process.toAll')}</a>` })}</div>`
    const query = new URLSearchParams(desk.query)
    const state = shape.states.find(({ name }) => name === query.get('state'))
    const way = state?.ways.find(({ name }) => name === query.get('way'))
    return html`
      <header class="studio-head">
        <a class="plain icon-only" href=${designPath(this.entity)} aria-label=${t('form.back', { entity: shape.entity.plural })}>${icon('arrowLeft')}</a>
        <span class="tile large">${icon('flag')}</span>
        <div class="entity-title"><h1>${t('process.lifecycleOf', { entity: shape.entity.title })}</h1><p class="quiet">${t('process.lifecycleLead', { field: shape.entity.fields.find(({ key }) => key === shape.field)?.title ?? shape.field })}</p></div>
        <span class="grow"></span>
        <div class="try-kinds" role="group" aria-label=${t('process.shownAs')}>
          <button type="button" class="plain" aria-pressed=${this.picture ? 'false' : 'true'} @click=${() => (this.picture = false)}>${icon('list')}${t('process.outline')}</button>
          <button type="button" class="plain" aria-pressed=${this.picture ? 'true' : 'false'} @click=${() => (this.picture = true)}>${icon('links')}${t('process.picture')}</button>
        </div>
      </header>
      <div class="process-columns" ?data-selected=${state !== undefined}>
        <div class="drawing-column">
          ${this.#problems(desk)}
          ${this.picture
            ? html`<lifecycle-picture .shape=${shape} .chosen=${[state?.name ?? '', way?.name ?? '']} @choose=${(event: CustomEvent<readonly [string, string]>) => this.#choose(...event.detail)}></lifecycle-picture>`
            : this.#outline(desk, shape, state, way)}
        </div>
        <aside class="panel" aria-label=${t('process.panel')}>${way !== undefined && state !== undefined
          ? html`<way-panel .desk=${desk} .shape=${shape} .way=${way} @gone=${() => this.#choose(state.name, '')}></way-panel>`
          : state !== undefined
            ? html`<state-panel .desk=${desk} .shape=${shape} .state=${state} @gone=${() => this.#choose('', '')}></state-panel>`
            : html`<div class="panel-empty">${emptyState({ icon: 'flag', title: t('process.chooseState'), text: t('process.chooseStateText') })}</div>`}</aside>
      </div>
    `
  }

  #choose(state: string, way: string): void {
    const query = new URLSearchParams({ ...(state === '' ? {} : { state }), ...(way === '' ? {} : { way }) }).toString()
    void router.go(lifecycleAddress(this.entity, query === '' ? '' : `?${query}`))
  }

  #problems({ design }: Desk): TemplateResult | typeof nothing {
    const path = lifecyclePath(this.entity)
    const found = design.problems.filter((problem) => problem.path === path || problem.path.startsWith(`${path}#`))
    return found.length === 0 ? nothing : html`<ul class="problem-list">${found.map((problem) => html`<li>${icon('warning')}<span>${problemText(problem)} <a href=${textPath(path, problem.path.split('#')[1] ?? '')}>${t('form.asText')}</a></span></li>`)}</ul>`
  }

  #outline(desk: Desk, shape: Shape, chosen: State | undefined, way: Way | undefined): TemplateResult {
    return html`
      <ol class="states" aria-label=${t('process.outline')} @keydown=${(event: KeyboardEvent) => this.#key(event)}>${repeat(shape.states, ({ name }) => name, (state, index) => html`
        <li class="state" ?data-chosen=${state === chosen && way === undefined}>
          <div class="state-head">
            <button type="button" class="row-button state-name" data-row aria-current=${state === chosen && way === undefined ? 'true' : nothing} @click=${() => this.#choose(state.name, '')}>
              <span class="badge" data-color=${state.color}>${state.title}</span>
              ${state.initial ? html`<small>${t('process.initial')}</small>` : nothing}${state.final ? html`<small>${t('process.final')}</small>` : nothing}
              ${textOf(this.#within(state)) === '' ? nothing : html`<small>${icon('clock')}${t('process.within', { time: durationWords(this.#within(state)) })}</small>`}
            </button>
            <button type="button" class="plain icon-only" ?disabled=${index === 0} aria-label=${t('designer.choiceUp', { choice: state.title })} @click=${() => desk.perform((documents) => moveState(documents, this.entity, state.name, -1))}>${icon('arrowUp')}</button>
            <button type="button" class="plain icon-only" ?disabled=${index === shape.states.length - 1} aria-label=${t('designer.choiceDown', { choice: state.title })} @click=${() => desk.perform((documents) => moveState(documents, this.entity, state.name, 1))}>${icon('arrowDown')}</button>
          </div>
          <ul class="ways">
            ${state.ways.map((one) => html`<li><button type="button" class="row-button way" data-row aria-current=${one === way ? 'true' : nothing} @click=${() => this.#choose(state.name, one.name)}>
              ${icon('arrowRight')}<span><strong>${one.title}</strong>${one.named ? html` <span class="quiet">${t('process.leadsTo', { state: shape.states.find(({ name }) => name === one.target)?.title ?? one.target })}</span>` : nothing}${this.#needs(desk, shape, one)}</span></button></li>`)}
            <li>${this.#addWay(desk, shape, state)}</li>
          </ul>
        </li>`)}</ol>
      ${this.#addState(desk, shape, chosen)}
    `
  }

  #within({ state }: State): string {
    const { within } = (state['sla'] ?? {}) as { readonly within?: string }
    return within ?? ''
  }

  /** What a step asks for, in a line. */
  #needs(desk: Desk, shape: Shape, { transition }: Way): TemplateResult | typeof nothing {
    const fields = listOf(transition['require']).map((key) => shape.entity.fields.find((field) => field.key === key)?.title ?? textOf(key))
    const roles = rolesOf(desk.design, language.value)
    const may = listOf(transition['roles']).map((name) => roles.find(([role]) => role === name)?.[1] ?? textOf(name))
    const wording = wordingFor(desk.design, { path: lifecyclePath(this.entity), workflow: {} }, language.value)
    const parts = [
      ...(fields.length === 0 ? [] : [t('process.needsFields', { fields: listed(fields) })]),
      ...(transition['guard'] === undefined ? [] : [t('process.needsGuard', { condition: conditionWords(wording, [], shape.entity, transition['guard'] as Record<string, never>) })]),
      ...(may.length === 0 ? [] : [t('process.needsRoles', { roles: listed(may) })]),
    ]
    return parts.length === 0 ? nothing : html`<small>${parts.join(' · ')}</small>`
  }

  #addWay(desk: Desk, shape: Shape, state: State): TemplateResult {
    return html`<select class="plain-select add-way" aria-label=${t('process.addWayFrom', { state: state.title })} @change=${(event: Event) => {
      const select = event.target as HTMLSelectElement
      const target = shape.states.find(({ name }) => name === select.value)
      select.value = ''
      if (target !== undefined) desk.perform((documents) => addTransition(documents, this.entity, state.name, target.name))
    }}><option value="">${t('process.addWay')}</option>${shape.states.filter(({ name }) => name !== state.name).map(({ name, title }) => html`<option value=${name}>${title}</option>`)}</select>`
  }

  /** A new state comes after the chosen one, else after the last one that something leads away from. */
  #addState(desk: Desk, shape: Shape, chosen: State | undefined): TemplateResult {
    const from = chosen ?? shape.states.findLast(({ final }) => !final) ?? shape.states[0]
    const add = (input: HTMLInputElement): void => {
      const title = input.value.trim()
      if (title === '' || from === undefined) return
      input.value = ''
      desk.perform((documents) => addState(documents, this.entity, title, from.name))
    }
    return html`<div class="choice-add add-state"><input class="plain-input" type="text" maxlength="120" aria-label=${t('process.newState')} placeholder=${t('process.newStateAfter', { state: from?.title ?? '' })}
        @keydown=${(event: KeyboardEvent) => {
          // While Chinese is being composed, Enter picks a character.
          if (event.key !== 'Enter' || event.isComposing) return
          event.preventDefault()
          add(event.target as HTMLInputElement)
        }} />
      <button type="button" class="plain accent" @click=${(event: Event) => add((event.target as HTMLElement).closest('.add-state')?.querySelector('input') as HTMLInputElement)}>${icon('plus')}${t('process.addState')}</button></div>`
  }

  #key(event: KeyboardEvent): void {
    const row = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-row]') : null
    if (row === null || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return
    event.preventDefault()
    const rows = [...this.querySelectorAll<HTMLElement>('[data-row]')]
    rows[rows.indexOf(row) + (event.key === 'ArrowDown' ? 1 : -1)]?.focus()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'lifecycle-page': LifecyclePage
  }
}
