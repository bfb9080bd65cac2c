/** The side bar, changed by hand: groups with what stands in them, and for whom. */
import './navigation-page.css'
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { language, languageTitle, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { rolesOf } from '../access/grants.js'
import { changeGroup, changeNavigation, moveGroup, putEntity, readNavigation, stepEntity, type NavigationGroup, type Stand } from '../commands/navigation.js'
import type { Desk } from '../desk.js'
import { entitiesOf, textLanguages, type EntityDefinition } from '../draft/definitions.js'
import { choiceField, entry, shownField } from '../entry.js'
import { screensPath } from './places.js'

type Edit = (groups: readonly NavigationGroup[]) => readonly NavigationGroup[]

/** `<navigation-page .desk>` */
@customElement('navigation-page')
export class NavigationPage extends LightElement {
  static override properties = { desk: { attribute: false } }
  declare desk: Desk | undefined
  #undrag: (() => void) | null = null

  constructor() {
    super()
    new Watch(this, language)
  }

  override updated(): void {
    this.#undrag?.()
    this.#undrag = this.#dragged()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#undrag?.()
    this.#undrag = null
  }

  override render(): TemplateResult | typeof nothing {
    const { desk } = this
    if (desk === undefined) return nothing
    const { documents } = desk.design.draft
    const groups = readNavigation(documents)
    const entities = new Map(entitiesOf(documents, desk.design.types, language.value).filter(({ archived }) => !archived).map((entity) => [entity.name, entity]))
    const placed = new Set(groups.flatMap((group) => group.entities))
    const rest = [...entities.values()].filter(({ name }) => !placed.has(name))
    return html`
      <header class="studio-head">
        <a class="plain icon-only" href=${screensPath} aria-label=${t('screens.back')}>${icon('arrowLeft')}</a>
        <div class="entity-title"><h1>${t('bar.title')}</h1><p class="quiet">${t('bar.lead')}</p></div>
        <span class="grow"></span>
        <vaadin-button theme="primary" @click=${() => this.#edit((now) => [...now, { title: t('bar.newGroup'), entities: [], roles: [], titles: {} }])}>${icon('plus', 'prefix')}${t('bar.addGroup')}</vaadin-button>
      </header>
      <div class="bar-groups">
        ${groups.length === 0 ? html`<p class="quiet">${t('bar.none')}</p>` : nothing}
        ${groups.map((group, index) => this.#group(desk, groups, group, index, entities))}
        ${rest.length === 0 ? nothing : html`<section class="bar-group resting" aria-label=${t('bar.rest')}><h2>${t('bar.rest')}</h2><p class="quiet">${t('bar.restText')}</p>
          <ul>${rest.map((entity) => html`<li class="bar-entity" data-entity=${entity.name}>${icon(entity.icon)}<span>${entity.plural}</span>${groups.length === 0 ? nothing : this.#into(groups, entity, null)}</li>`)}</ul></section>`}
      </div>`
  }

  #group({ surroundings, design: { draft: { documents } } }: Desk, groups: readonly NavigationGroup[], group: NavigationGroup, index: number, entities: ReadonlyMap<string, EntityDefinition>): TemplateResult {
    const roles = rolesOf(documents, language.value).filter(({ archived }) => !archived)
    const move = (by: number): void => this.#edit((now) => moveGroup(now, index, index + by))
    return html`
      <section class="bar-group" data-group=${index} aria-label=${group.title}>
        <header>
          <h2>${group.titles[language.value] ?? group.title}</h2><span class="grow"></span>
          <button type="button" class="plain icon-only" ?disabled=${index === 0} aria-label=${t('bar.groupUp', { group: group.title })} @click=${() => move(-1)}>${icon('arrowUp')}</button>
          <button type="button" class="plain icon-only" ?disabled=${index === groups.length - 1} aria-label=${t('bar.groupDown', { group: group.title })} @click=${() => move(1)}>${icon('arrowDown')}</button>
          <button type="button" class="plain icon-only" aria-label=${t('bar.removeGroup', { group: group.title })} @click=${() => this.#edit((now) => now.toSpliced(index, 1))}>${icon('trash')}</button>
        </header>
        <ul>${group.entities.map((name, at) => this.#entity(groups, name, { group: index, index: at }, entities.get(name)))}</ul>
        ${group.entities.length === 0 ? html`<p class="quiet">${t('bar.empty')}</p>` : nothing}
        <details class="more-options"><summary>${t('bar.settings')}</summary><div class="panel-fields">
          ${entry(surroundings, { field: shownField(`bar-${String(index)}`, t('tiles.title'), 'text', {}, true), value: group.title, change: (text) => typeof text === 'string' && text !== '' && text !== group.title && this.#edit((now) => changeGroup(now, index, { title: text }), `bar:${String(index)}`) })}
          ${textLanguages(documents).map((tag) => entry(surroundings, {
            field: shownField(`bar-${String(index)}-${tag}`, t('designer.field.titleIn', { language: languageTitle(tag) }), 'text'), value: group.titles[tag] ?? '',
            change: (text) => { if ((text ?? '') !== (group.titles[tag] ?? '')) this.#edit((now) => changeGroup(now, index, { titles: { ...now[index]?.titles, [tag]: typeof text === 'string' ? text : '' } }), `bar:${tag}:${String(index)}`) },
          }))}
          ${entry(surroundings, {
            field: { ...choiceField(`bar-roles-${String(index)}`, t('bar.roles'), roles.map((role) => [role.name, role.title])), type: 'multiSelect' }, value: group.roles, help: t('bar.rolesHelp'),
            change: (value) => JSON.stringify(value ?? []) !== JSON.stringify(group.roles) && this.#edit((now) => changeGroup(now, index, { roles: Array.isArray(value) ? value.map(String) : [] })),
          })}
        </div></details>
      </section>`
  }

  #entity(groups: readonly NavigationGroup[], name: string, stand: Stand, entity: EntityDefinition | undefined): TemplateResult {
    const title = entity?.plural ?? name
    return html`<li class="bar-entity" data-entity=${name} data-stand=${`${String(stand.group)}/${String(stand.index)}`}>
      <button type="button" class="bar-handle" aria-label=${t('bar.handle', { entity: title })} title=${t('bar.handleHelp')} @keydown=${(event: KeyboardEvent) => this.#keyed(event, name, stand)}>${icon(entity?.icon ?? 'warning')}<span>${title}</span></button>
      ${entity === undefined ? nothing : this.#into(groups, entity, stand)}
      <button type="button" class="plain icon-only" aria-label=${t('bar.takeOut', { entity: title })} title=${t('bar.takeOut', { entity: title })} @click=${() => this.#takeOut(stand)}>${icon('close')}</button>
    </li>`
  }

  /** The group that it stands in, or shall. */
  #into(groups: readonly NavigationGroup[], { name, plural }: EntityDefinition, stand: Stand | null): TemplateResult {
    return html`<select class="plain-select" aria-label=${t('bar.groupOf', { entity: plural })} @change=${(event: Event) => {
      const group = Number((event.target as HTMLSelectElement).value)
      if (group >= 0 && group !== stand?.group) this.#edit((now) => putEntity(now, name, stand, { group, index: Number.MAX_SAFE_INTEGER }))
    }}>${stand === null ? html`<option value="-1">${t('bar.putInto')}</option>` : nothing}${groups.map(({ title, titles }, index) => html`<option value=${index} ?selected=${index === stand?.group}>${titles[language.value] ?? title}</option>`)}</select>`
  }

  #takeOut({ group, index }: Stand): void {
    this.#edit((now) => changeGroup(now, group, { entities: (now[group]?.entities ?? []).toSpliced(index, 1) }))
  }

  #edit(edit: Edit, joins = ''): void {
    this.desk?.perform((documents) => changeNavigation(documents, edit), joins)
  }

  /** Alt with the arrows moves, also into the next group; Delete takes out. The keyboard goes along. */
  #keyed(event: KeyboardEvent, name: string, stand: Stand): void {
    const by = event.altKey ? ({ ArrowUp: -1, ArrowDown: 1 } as const)[event.key as 'ArrowUp' | 'ArrowDown'] : undefined
    if (by === undefined && event.key !== 'Delete') return
    event.preventDefault()
    event.stopPropagation()
    if (by === undefined) return this.#takeOut(stand)
    this.#edit((now) => stepEntity(now, name, stand, by))
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(`[data-stand][data-entity="${CSS.escape(name)}"] .bar-handle`)?.focus())
  }

  /** Entities are put before another one, or at the end of a group. */
  #dragged(): () => void {
    const standOf = (element: Element): Stand | null => {
      const [group, index] = (element instanceof HTMLElement ? (element.dataset['stand'] ?? '') : '').split('/')
      return index === undefined ? null : { group: Number(group), index: Number(index) }
    }
    const put = (source: Element, to: Stand): void => {
      const name = source instanceof HTMLElement ? (source.dataset['entity'] ?? '') : ''
      const from = standOf(source)
      const index = from !== null && from.group === to.group && from.index < to.index ? to.index - 1 : to.index
      this.#edit((now) => putEntity(now, name, from, { ...to, index }))
    }
    const over = (element: HTMLElement, to: () => Stand): (() => void) => dropTargetForElements({
      element,
      canDrop: ({ source }) => source.element !== element && source.element instanceof HTMLElement && source.element.dataset['entity'] !== undefined,
      onDrag: ({ location }) => element.toggleAttribute('data-over', location.current.dropTargets[0]?.element === element),
      onDragLeave: () => element.removeAttribute('data-over'),
      onDrop: ({ source, location }) => {
        element.removeAttribute('data-over')
        if (location.current.dropTargets[0]?.element === element) put(source.element, to())
      },
    })
    return combine(
      ...[...this.querySelectorAll<HTMLElement>('[data-entity]')].map((element) => draggable({ element })),
      ...[...this.querySelectorAll<HTMLElement>('[data-stand]')].map((element) => over(element, () => standOf(element) ?? { group: 0, index: 0 })),
      ...[...this.querySelectorAll<HTMLElement>('[data-group]')].map((element) => over(element, () => ({ group: Number(element.dataset['group']), index: Number.MAX_SAFE_INTEGER }))),
    )
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'navigation-page': NavigationPage
  }
}
