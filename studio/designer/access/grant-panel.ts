/** What one role may do with one entity: which actions, on which records, with which fields. */
import '../panel.css'
import './grant-panel.css'
import './reach-choice.css'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import type { UiEntity, UiModel } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import type { Surroundings } from '../../fields/contract.js'
import '../../lists/filter/filter-builder.js'
import { readFilter } from '../../lists/filter/filter-tree.js'
import { groupWords } from '../../lists/filter/filter-words.js'
import { personValues } from '../../lists/filter/person-values.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { resetRole, setFieldGrant, setRows, setRule } from '../commands/roles.js'
import { belowOf, member, objectOf, textOf, type EntityDefinition } from '../draft/definitions.js'
import type { Design, DraftProblem } from '../draft/draft-store.js'
import type { Documents } from '../draft/operations.js'
import type { Perform } from '../entities/field-panel.js'
import { layerTitle, originText, problemText } from '../words.js'
import { everyOther, fieldActions, fieldGrant, grantActions, grantedThrough, grantOn, originOfRole, reachOf, reachOfRule, ruleOf, type FieldAction, type FieldGrant, type Grant, type GrantAction, type Reach, type RoleDefinition } from './grants.js'
import { actionIcons, actionTitle } from './strip.js'

/** `<grant-panel>`; `entity` null: every entity that the role does not name. `back`: where closing it leads. */
@customElement('grant-panel')
export class GrantPanel extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, design: { attribute: false }, subject: { attribute: false }, entity: { attribute: false }, surroundings: { attribute: false }, perform: { attribute: false }, back: {} }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare design: Design | undefined
  declare subject: RoleDefinition | undefined
  declare entity: EntityDefinition | null
  declare surroundings: Surroundings
  declare perform: Perform
  declare back: string

  constructor() {
    super()
    this.entity = null
    this.back = ''
    new Watch(this, language)
  }

  override render(): TemplateResult | typeof nothing {
    const { design, subject: role, entity } = this
    if (design === undefined || role === undefined) return nothing
    const grant = grantOn(role.document, this.#name)
    const problems = design.problems.filter(({ path }) => path === `${role.path}#/entities/${this.#name}` || path.startsWith(`${role.path}#/entities/${this.#name}/`))
    return html`
      <header class="panel-head">
        <span class="tile">${icon(entity === null ? 'layers' : entity.icon)}</span>
        <h2 tabindex="-1">${role.title} · ${entity === null ? t('access.everyOther') : entity.plural}</h2>
        <a class="plain icon-only" href=${this.back} aria-label=${t('close')}>${icon('close')}</a>
      </header>
      <div class="panel-fields">
        ${problems.map((problem) => html`<p class="panel-error" role="alert">${icon('warning')}${problemText(problem)}</p>`)}
        ${this.#inherited(design, role)}
        <div class="grant-actions">${grantActions.map((action) => this.#action(design, role, grant, action, problems))}</div>
        ${this.#notes(design, role, grant)}
        ${entity === null ? nothing : this.#fields(role, entity, grant)}
        ${this.#origin(design, role)}
      </div>
    `
  }

  get #name(): string {
    return this.entity?.name ?? everyOther
  }

  /** What comes and goes with a choice above stands below it, so that no choice moves away under the pointer. */
  #notes(design: Design, role: RoleDefinition, grant: Grant): TemplateResult {
    return html`
      ${grant.by === 'other' && this.entity !== null ? html`<p class="note">${icon('layers')}<span>${t('access.byOther')}</span></p>` : nothing}
      ${this.#hiddenTargets(design.draft.documents, role)}
    `
  }

  /** What the role has by other roles. */
  #inherited(design: Design, role: RoleDefinition): TemplateResult | typeof nothing {
    const lends = grantedThrough(design.draft.documents, language.value, role.name, this.#name)
    return lends.length === 0 ? nothing : html`<p class="note">${icon('link')}<span>${t('access.inherits')} ${lends.map((one, index) => html`${index === 0 ? '' : ', '}<a href=${`/studio/roles/${encodeURIComponent(one.name)}?entity=${encodeURIComponent(this.#name)}`}>${one.title}</a>`)}</span></p>`
  }

  /** Links to what the role does not read: nobody who has only this role can see or choose what stands there. */
  #hiddenTargets(documents: Documents, role: RoleDefinition): TemplateResult | typeof nothing {
    const { entity } = this
    if (entity === null || reachOf(documents, role.name, entity.name, 'read') === 'none') return nothing
    const hidden = (this.#shownEntity?.fields ?? []).filter(({ to, system }) => !system && to !== undefined && reachOf(documents, role.name, to, 'read') === 'none')
    return hidden.length === 0 ? nothing : html`<p class="note">${icon('lock')}<span>${t('access.hiddenTargets')} ${hidden.map(({ title, to = '' }, index) => html`${index === 0 ? '' : ', '}<a href=${`/studio/roles/${encodeURIComponent(role.name)}?entity=${encodeURIComponent(to)}`}>${title} → ${this.model?.entities[to]?.plural ?? to}</a>`)}</span></p>`
  }

  #action(design: Design, role: RoleDefinition, grant: Grant, action: GrantAction, problems: readonly DraftProblem[]): TemplateResult {
    const rule = ruleOf(grant, action)
    const reach = reachOfRule(rule)
    const inherited = rule === null && reachOf(design.draft.documents, role.name, this.#name, action) !== 'none'
    const wrong = problems.some(({ path }) => path.includes(`/${action}/`))
    return html`
      <section class="grant-action" aria-label=${actionTitle(action)}>
        <header class=${wrong ? 'wrong' : ''}>${icon(actionIcons[action])}<span>${actionTitle(action)}${inherited ? html` <small>${t('access.inherited')}</small>` : nothing}</span>${this.#choice(action, reach)}</header>
        ${rule === null || action === 'history' ? nothing : this.#rule(action, rule)}
      </section>
    `
  }

  /** None or all at once; what lies between is said below, by records and fields. */
  #choice(action: GrantAction, reach: Reach): TemplateResult {
    const choices = reach === 'some' ? (['none', 'some', 'all'] as const) : (['none', 'all'] as const)
    const choose = (next: Reach): void => {
      if (next !== 'some' && next !== reach) this.perform((documents) => setRule(documents, this.#place(action), next === 'all'))
    }
    return html`<span class="reach-choice" role="radiogroup" aria-label=${actionTitle(action)}>${choices.map((one) => html`
      <label><input type="radio" name=${`reach-${action}`} .checked=${one === reach} @change=${() => choose(one)} />${t(`access.reach.${one}`)}</label>`)}</span>`
  }

  #place<A extends GrantAction>(action: A): { readonly role: string; readonly entity: string; readonly action: A } {
    return { role: this.subject?.name ?? '', entity: this.#name, action }
  }

  #rule(action: GrantAction, rule: true | JsonObject): TemplateResult {
    const where = rule === true ? undefined : rule['where']
    const shown = this.#shownEntity
    const references = (shown?.fields ?? []).filter((field) => field.to !== undefined || field.targets !== undefined)
    const follows = rule === true ? '' : textOf(rule['follows'])
    const sameAs = where === undefined && action !== 'read' ? this.#readRows() : undefined
    return html`
      <div class="grant-rule">
        <p class=${where === undefined ? 'quiet' : ''}>${where === undefined || !isObject(where) ? t(action === 'create' ? 'access.anyNew' : 'access.anyRecord') : this.#words(shown, where)}</p>
        <div class="grant-buttons">
          ${shown === undefined ? nothing : html`<button type="button" class="plain accent" @click=${() => void this.#narrow(action, shown, isObject(where) ? where : undefined)}>${icon('filter')}${t(where === undefined ? 'access.narrow' : 'access.changeRows')}</button>`}
          ${sameAs === undefined ? nothing : html`<button type="button" class="plain accent" @click=${() => this.perform((documents) => setRows(documents, this.#place(action), 'where', sameAs))}>${t('access.sameAsRead')}</button>`}
          ${where === undefined ? nothing : html`<button type="button" class="plain accent" @click=${() => this.perform((documents) => setRows(documents, this.#place(action), 'where', undefined))}>${t('access.everyRecord')}</button>`}
        </div>
        ${references.length === 0 && follows === '' ? nothing : html`<details class="more-options" ?open=${follows !== ''}><summary>${t('access.more')}</summary>
          <label><span>${t('access.follows')}</span><select @change=${(event: Event) => this.#follow(action, event)}>
            <option value="" ?selected=${follows === ''}>${t('access.followsNothing')}</option>
            ${references.map(({ key, title }) => html`<option value=${key} ?selected=${key === follows}>${title}</option>`)}</select></label></details>`}
      </div>
    `
  }

  /** Which records may be read, where those are not all. */
  #readRows(): Json | undefined {
    const rule = ruleOf(grantOn(this.subject?.document ?? {}, this.#name), 'read')
    return isObject(rule) ? rule['where'] : undefined
  }

  #follow(action: GrantAction, event: Event): void {
    const key = event.target instanceof HTMLSelectElement ? event.target.value : ''
    this.perform((documents) => setRows(documents, this.#place(action), 'follows', key === '' ? undefined : key))
  }

  /** The entity as the screens know it: conditions are built on the draft. */
  get #shownEntity(): UiEntity | undefined {
    return this.entity === null ? undefined : this.model?.entities[this.entity.name]
  }

  #words(shown: UiEntity | undefined, where: JsonObject): TemplateResult {
    if (shown === undefined || this.model === undefined) return html`<code>${JSON.stringify(where)}</code>`
    return html`${t('access.where')} ${groupWords({ model: this.model, surroundings: this.surroundings }, shown, readFilter(where))}`
  }

  async #narrow(action: GrantAction, shown: UiEntity, where: JsonObject | undefined): Promise<void> {
    const { client, model, subject: role } = this
    if (client === undefined || model === undefined || role === undefined) return
    const builder = document.createElement('filter-builder')
    builder.context = {
      records: client.records, model, entity: shown, surroundings: this.surroundings, q: '', condition: where,
      title: t('access.rowsTitle', { role: role.title, action: actionTitle(action).toLocaleLowerCase(language.value), entity: shown.plural }), place: `${role.path} ${shown.name} ${action}`, person: personValues(model),
    }
    const place = this.#place(action)
    const done = await builder.open()
    if (done !== null) this.perform((documents) => setRows(documents, place, 'where', done.condition))
  }

  #fields(role: RoleDefinition, entity: EntityDefinition, grant: Grant): TemplateResult | typeof nothing {
    const granted = fieldActions.filter((action) => ruleOf(grant, action) !== null)
    if (granted.length === 0) return nothing
    const fields = entity.fields.filter(({ archived }) => !archived)
    const limited = granted.some((action) => isObject(grant.rules[action]) && member(grant.rules[action], 'fields') !== undefined)
    return html`
      <details class="more-options" ?open=${limited}>
        <summary>${t('access.fields')}</summary>
        <table class="field-grants">
          <thead><tr><th scope="col">${t('access.field')}</th>${granted.map((action) => html`<th scope="col">${actionTitle(action)}</th>`)}</tr></thead>
          <tbody>
            ${fields.map(({ key, title, type }) => html`<tr><th scope="row">${title}</th>${granted.map((action) => html`<td>${this.#fieldChoice(role, grant, action, key, title, computedTypes.has(type))}</td>`)}</tr>`)}
            <tr><th scope="row">${t('access.otherFields')}</th>${granted.map((action) => html`<td>${this.#fieldChoice(role, grant, action, everyOther, t('access.otherFields'), false)}</td>`)}</tr>
          </tbody>
        </table>
      </details>
    `
  }

  #fieldChoice(role: RoleDefinition, grant: Grant, action: FieldAction, key: string, title: string, computed: boolean): TemplateResult | typeof nothing {
    const now = fieldGrant(ruleOf(grant, action), key)
    const label = `${title} · ${actionTitle(action)}`
    const set = (next: FieldGrant): void => this.perform((documents) => setFieldGrant(documents, this.#place(action), key, next))
    if (action !== 'read') return computed ? nothing : html`<input type="checkbox" aria-label=${label} .checked=${now === true} @change=${(event: Event) => set(event.target instanceof HTMLInputElement && event.target.checked)} />`
    const choices = [true, 'masked', false] as const
    return html`<select aria-label=${label} @change=${(event: Event) => event.target instanceof HTMLSelectElement && set(choices[event.target.selectedIndex] ?? false)}>
      ${choices.map((one) => html`<option ?selected=${one === now}>${t(`access.sees.${String(one) as 'true' | 'masked' | 'false'}`)}</option>`)}</select>`
  }

  /** Which layer said it, and the way back to what the layers below say. */
  #origin(design: Design, role: RoleDefinition): TemplateResult {
    const place = ['entities', this.#name]
    const origin = originOfRole(design.published, design.draft.documents, role.path, place)
    const below = belowOf(design.published, role.path)
    const lower = member(objectOf(below)['entities'], this.#name)
    const differs = below !== undefined && JSON.stringify(lower) !== JSON.stringify(member(role.document['entities'], this.#name))
    const layer = layerBelow(design, role.path)
    return html`
      <div class="panel-end">
        <p class="quiet">${icon('layers')}${originText(origin) || t('access.says.nothing')}</p>
        ${differs && layer !== '' ? html`<button type="button" class="plain accent" @click=${() => this.perform((documents) => resetRole(documents, role.name, place, lower))}>${icon('restore')}${t('access.reset', { layer: layerTitle(layer) })}</button>` : nothing}
      </div>
    `
  }
}

const computedTypes: ReadonlySet<string> = new Set(['formula', 'lookup', 'rollup', 'autonumber'])

/** The layer from files that a role comes from; '' for one that was made in the studio. */
export const layerBelow = (design: Design, path: string): string => Object.values(design.published.provenance[path] ?? {}).find((layer) => layer !== 'studio') ?? ''

declare global {
  interface HTMLElementTagNameMap {
    'grant-panel': GrantPanel
  }
}
