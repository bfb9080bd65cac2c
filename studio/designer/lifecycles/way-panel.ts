/** A step of a lifecycle: where it leads, who may make it, what it needs, what it sets. */
import '../condition-entry.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { keyed } from 'lit/directives/keyed.js'

import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { language, languageTitle, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { lifecyclePath, removeTransition, setInLifecycle } from '../commands/change-lifecycle.js'
import { setTranslation } from '../commands/set-field.js'

import { listOf, textLanguages, textOf, translated } from '../draft/definitions.js'
import type { Desk } from '../desk.js'
import { choiceField, entry, shownField } from '../entry.js'
import { problemText } from '../words.js'
import type { Shape, Way } from './lifecycle-shape.js'
import { writableFields } from '../steps/panel-context.js'
import { lifecycleAddress } from '../workflows/places.js'
import { setForm } from './set-form.js'
import { rolesOf } from '../workflows/workflows.js'

/** `<way-panel .desk .shape .way>`; fires `gone` when the step is taken out. */
@customElement('way-panel')
export class WayPanel extends LightElement {
  static override properties = { desk: { attribute: false }, shape: { attribute: false }, way: { attribute: false } }
  declare desk: Desk | undefined
  declare shape: Shape | undefined
  declare way: Way | undefined

  constructor() {
    super()
    new Watch(this, language)
  }

  override render(): TemplateResult | typeof nothing {
    const { desk, shape, way } = this
    if (desk === undefined || shape === undefined || way === undefined) return nothing
    const { entity } = shape
    const { transition } = way
    const place = ['states', way.from, 'on', way.name]
    const set = (key: string, value: Json | undefined): void => desk.perform((documents) => setInLifecycle(documents, entity.name, [...place, key], value), `${way.from} ${way.name} ${key}`)
    const text = (key: 'title' | 'message' | 'description', type: 'text' | 'longText', help = ''): TemplateResult => entry(desk.surroundings, {
      field: shownField(key, t(`process.way.${key}`), type), value: textOf(transition[key]), help, error: this.#error(desk, `/${key}`), change: (value) => textOf(transition[key]) !== (value ?? '') && set(key, typeof value === 'string' && value !== '' ? value : undefined),
    })
    const several = (key: 'require' | 'roles', choices: readonly (readonly [string, string])[], help: string): TemplateResult => entry(desk.surroundings, {
      field: { ...choiceField(key, t(`process.way.${key}`), choices), type: 'multiSelect' }, value: transition[key] ?? null, help, error: this.#error(desk, `/${key}`), change: (value) => JSON.stringify(value ?? []) !== JSON.stringify(transition[key] ?? []) && set(key, listOf(value).length === 0 ? undefined : value),
    })
    return html`
      <header class="panel-head"><span class="tile">${icon('arrowRight')}</span><h2 tabindex="-1">${way.title}</h2><a class="plain icon-only" href=${lifecycleAddress(entity.name)} aria-label=${t('close')}>${icon('close')}</a></header>
      ${keyed(`${way.from} ${way.name}`, html`<div class="panel-fields process-panel">
        ${['', '/target'].map((at) => this.#error(desk, at)).filter((one) => one !== '').map((one) => html`<p class="panel-error" role="alert">${icon('warning')}${one}</p>`)}
        ${text('title', 'text', transition['title'] === undefined ? t('process.way.titleHelp', { state: shape.states.find(({ name }) => name === way.target)?.title ?? way.target }) : '')}
        ${textLanguages(desk.design.draft.documents).map((tag) => this.#translation(desk, shape, way, tag))}
        ${entry(desk.surroundings, { field: choiceField('target', t('process.way.target'), shape.states.map(({ name, title }) => [name, title]), true), value: way.target, change: (value) => typeof value === 'string' && value !== way.target && set('target', value) })}
        ${several('require', writableFields(desk, entity).filter(({ key }) => key !== shape.field).map(({ key, title }) => [key, title]), t('process.way.requireHelp'))}
        ${several('roles', rolesOf(desk.design, language.value), t('process.way.rolesHelp'))}
        ${this.#guard(desk, shape, transition, (value) => set('guard', value))}
        ${transition['guard'] === undefined ? nothing : text('message', 'text', t('process.way.messageHelp'))}
        ${setForm(desk, entity, shape.field, t('process.way.set'), transition['set'], (key) => this.#error(desk, `/set/${key}`), (next) => set('set', next))}
        ${text('description', 'longText')}
        <div class="panel-end"><vaadin-button theme="tertiary error" @click=${() => this.#remove(desk, entity.name, way)}>${icon('trash', 'prefix')}${t('process.removeWay')}</vaadin-button></div>
      </div>`)}
    `
  }

  #translation({ surroundings, design: { draft: { documents } }, perform }: Desk, { entity }: Shape, way: Way, tag: string): TemplateResult {
    const path = lifecyclePath(entity.name)
    const at = `/states/${way.from}/on/${way.name}/title`
    return entry(surroundings, { field: shownField(`way-${tag}`, t('designer.field.titleIn', { language: languageTitle(tag) }), 'text'), value: translated(documents, tag, path, at), change: (value) => perform((now) => setTranslation(now, tag, path, at, typeof value === 'string' ? value : ''), `${at} ${tag}`) })
  }

  #guard({ client, drafted: model, surroundings, design }: Desk, { entity }: Shape, transition: JsonObject, change: (value: Json | undefined) => void): TemplateResult {
    const shown = model.entities[entity.name]
    const guard = transition['guard']
    const error = this.#error({ design }, '/guard')
    return html`<fieldset class="row-group"><legend>${t('process.way.guard')}</legend>
      ${shown === undefined
        ? html`<json-text .label=${t('process.way.guard')} .value=${guard} @value=${(event: CustomEvent<Json | undefined>) => change(event.detail)}></json-text>`
        : html`<condition-entry .client=${client} .model=${model} .entity=${shown} .condition=${isObject(guard) ? guard : undefined} .surroundings=${surroundings} heading=${t('process.way.guard')}
            place=${`${entity.name} ${this.way?.from ?? ''} ${this.way?.name ?? ''} guard`} @condition=${(event: CustomEvent<JsonObject | undefined>) => change(event.detail)}></condition-entry>`}
      ${error === '' ? nothing : html`<p class="wrong" role="alert">${error}</p>`}</fieldset>`
  }

  #error({ design }: Pick<Desk, 'design'>, place: string): string {
    const at = `${lifecyclePath(this.shape?.entity.name ?? '')}#/states/${this.way?.from ?? ''}/on/${this.way?.name ?? ''}${place}`
    const found = design.problems.find(({ path }) => path === at || (place !== '' && path.startsWith(`${at}/`)))
    return found === undefined ? '' : problemText(found)
  }

  #remove(desk: Desk, entity: string, { from, name }: Way): void {
    this.dispatchEvent(new CustomEvent('gone'))
    desk.perform((documents) => removeTransition(documents, entity, from, name))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'way-panel': WayPanel
  }
}
