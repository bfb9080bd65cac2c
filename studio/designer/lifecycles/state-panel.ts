/** A state: what it is called, how long records may stay, what is set when they come and go. */
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { keyed } from 'lit/directives/keyed.js'

import type { Json } from '../../../metadata/contract/json.js'
import { language, languageTitle, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { viewOf } from '../../fields/index.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { lifecyclePath, removeState, setInitial, setInLifecycle, setState } from '../commands/change-lifecycle.js'
import { setTranslation } from '../commands/set-field.js'
import { entityPath, objectOf, textLanguages, textOf, titleFrom, translated } from '../draft/definitions.js'
import type { Desk } from '../desk.js'
import { choiceField, entry, shownField } from '../entry.js'
import { choicesOf } from '../entities/type-options.js'
import { problemText, textFor } from '../words.js'
import type { Shape, State } from './lifecycle-shape.js'
import { lifecycleAddress } from '../workflows/places.js'
import { setForm } from './set-form.js'

const colors: readonly string[] = ['', 'gray', 'red', 'orange', 'amber', 'green', 'teal', 'blue', 'violet', 'purple', 'pink', 'brown']

/** `<state-panel .desk .shape .state>`; fires `gone` when the state is taken out. */
@customElement('state-panel')
export class StatePanel extends LightElement {
  static override properties = { desk: { attribute: false }, shape: { attribute: false }, state: { attribute: false } }
  declare desk: Desk | undefined
  declare shape: Shape | undefined
  declare state: State | undefined

  constructor() {
    super()
    new Watch(this, language)
  }

  override render(): TemplateResult | typeof nothing {
    const { desk, shape, state } = this
    if (desk === undefined || shape === undefined || state === undefined) return nothing
    const { entity } = shape
    const set = (keys: readonly string[], value: Json | undefined): void => desk.perform((documents) => setInLifecycle(documents, entity.name, ['states', state.name, ...keys], value), `${state.name}/${keys.join('/')}`)
    return html`
      <header class="panel-head"><span class="badge" data-color=${state.color}>${state.title}</span><h2 tabindex="-1" class="visually-hidden">${state.title}</h2><span class="grow"></span><a class="plain icon-only" href=${lifecycleAddress(entity.name)} aria-label=${t('close')}>${icon('close')}</a></header>
      ${keyed(state.name, html`<div class="panel-fields process-panel">
        ${this.#problems(desk, state).map((text) => html`<p class="panel-error" role="alert">${icon('warning')}${text}</p>`)}
        ${this.#names(desk, shape, state)}
        <label class="tick"><input type="checkbox" .checked=${state.initial} ?disabled=${state.initial} @change=${() => desk.perform((documents) => setInitial(documents, entity.name, state.name))} /><span>${t('process.beginsHere')}<small>${t('process.beginsHereHelp')}</small></span></label>
        ${this.#limit(desk, shape, state, set)}
        ${setForm(desk, entity, shape.field, t('process.onEntry'), objectOf(state.state['entry'])['set'], (key) => this.#error(desk, `/entry/set/${key}`), (next) => set(['entry'], next === undefined ? undefined : { set: next }))}
        ${setForm(desk, entity, shape.field, t('process.onExit'), objectOf(state.state['exit'])['set'], (key) => this.#error(desk, `/exit/set/${key}`), (next) => set(['exit'], next === undefined ? undefined : { set: next }))}
        <div class="panel-end"><vaadin-button theme="tertiary error" ?disabled=${state.initial} @click=${() => this.#remove(desk, entity.name, state)}>${icon('trash', 'prefix')}${t('process.removeState')}</vaadin-button>
          <p class="quiet">${t(state.initial ? 'process.removeStateInitial' : 'process.removeStateHelp')}</p></div>
      </div>`)}
    `
  }

  #at(place: string): string {
    return `${lifecyclePath(this.shape?.entity.name ?? '')}#/states/${this.state?.name ?? ''}${place}`
  }

  #problems({ design }: Desk, _state: State): readonly string[] {
    return design.problems.filter(({ path }) => path === this.#at('') || path === this.#at('/on') || path.startsWith(this.#at('/sla'))).map(problemText)
  }

  #error({ design }: Desk, place: string): string {
    const found = design.problems.find(({ path }) => path === this.#at(place))
    return found === undefined ? '' : problemText(found)
  }

  #names({ surroundings, design, perform }: Desk, { entity, field }: Shape, state: State): TemplateResult {
    const { documents } = design.draft
    const own = choicesOf(objectOf(objectOf(documents[entityPath(entity.name)]?.['properties'])[field])).find(({ value }) => String(value) === state.name)
    const place = `/properties/${field}/crm/options/${state.name}/title`
    return html`
      ${entry(surroundings, { field: shownField('state-title', t('process.stateName'), 'text'), value: own?.title ?? '', help: own?.title === '' ? titleFrom(state.name) : '', change: (value) => (own?.title ?? '') !== (value ?? '') && perform((now) => setState(now, entity.name, state.name, { title: typeof value === 'string' ? value : '' }), `${state.name} title`) })}
      ${textLanguages(documents).map((tag) => entry(surroundings, { field: shownField(`state-${tag}`, t('designer.field.titleIn', { language: languageTitle(tag) }), 'text'), value: translated(documents, tag, entity.path, place), change: (value) => perform((now) => setTranslation(now, tag, entity.path, place, typeof value === 'string' ? value : ''), `${state.name} ${tag}`) }))}
      <label class="plain-entry"><span>${t('process.color')}</span><select class="plain-select" @change=${(event: Event) => perform((now) => setState(now, entity.name, state.name, { color: (event.target as HTMLSelectElement).value }))}>
        ${(colors.includes(state.color) ? colors : [...colors, state.color]).map((color) => html`<option value=${color} ?selected=${color === state.color}>${textFor(`designer.color.${color === '' ? 'none' : color}`, color)}</option>`)}</select></label>
    `
  }

  /** How long a record may stay here; the lifecycle says where that is kept. */
  #limit({ surroundings, design, perform }: Desk, { entity, lifecycle }: Shape, { state }: State, set: (keys: readonly string[], value: Json | undefined) => void): TemplateResult {
    const sla = objectOf(state['sla'])
    const parts = /^PT(?:(\d+)H)?(?:(\d+)M)?$/.exec(textOf(sla['within'])) ?? []
    const [hours, minutes] = [Number(parts[1] ?? 0), Number(parts[2] ?? 0)]
    const calendars = Object.entries(design.draft.documents).flatMap(([path, calendar]) => (path.startsWith('calendars/') ? [[path.slice('calendars/'.length, -'.json'.length), translated(design.draft.documents, language.value, path, '/title') || textOf(calendar['title'])] as const] : []))
    const put = (h: number, m: number): void => (h + m === 0 ? set(['sla'], undefined) : set(['sla'], { ...sla, within: `PT${h > 0 ? `${h}H` : ''}${m > 0 ? `${m}M` : ''}` }))
    const kept = objectOf(lifecycle['sla'])
    const whole = (keys: string, value: Json): void => perform((documents) => setInLifecycle(documents, entity.name, ['sla', keys], value ?? undefined))
    const pick = (key: 'until' | 'breached' | 'to', fits: (type: string, to: string) => boolean): TemplateResult => entry(surroundings, {
      field: choiceField(key, t(`process.limit.${key}`), entity.fields.filter(({ archived, type, to }) => !archived && fits(type, to)).map((field) => [field.key, field.title]), true), value: kept[key] ?? null, change: (value) => typeof value === 'string' && value !== kept[key] && whole(key, value),
    })
    return html`<fieldset class="row-group"><legend>${t('process.limit')}</legend>
      <div class="pair-row">
        ${entry(surroundings, { field: shownField('hours', t('process.unit.hours'), 'integer', { minimum: 0 }), value: hours || null, change: (value) => Number(value ?? 0) !== hours && put(Number(value ?? 0), minutes) })}
        ${entry(surroundings, { field: shownField('minutes', t('process.unit.minutes'), 'integer', { minimum: 0 }), value: minutes || null, change: (value) => Number(value ?? 0) !== minutes && put(hours, Number(value ?? 0)) })}
      </div>
      ${sla['within'] === undefined ? nothing : html`
        ${entry(surroundings, { field: choiceField('calendar', t('process.limit.calendar'), calendars), value: sla['calendar'] ?? null, help: t('process.limit.calendarHelp'), change: (value) => (value ?? undefined) !== sla['calendar'] && set(['sla', 'calendar'], value ?? undefined) })}
        <p class="quiet">${t('process.limit.kept')}</p>
        ${pick('until', (type) => viewOf(type).moment === true)}${pick('breached', (type) => design.published.fieldTypes.some(({ name, examples }) => name === type && examples.some(({ value }) => typeof value === 'boolean')))}${pick('to', (_type, to) => to === 'user')}`}
    </fieldset>`
  }

  #remove(desk: Desk, entity: string, { name }: State): void {
    this.dispatchEvent(new CustomEvent('gone'))
    desk.perform((documents) => removeState(documents, entity, name))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'state-panel': StatePanel
  }
}
