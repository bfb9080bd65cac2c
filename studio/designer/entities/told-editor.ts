/** Whom records of an entity tell of themselves: of being mentioned, of being given one, of a moment that has come. */
import '../condition-entry.js'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { noticeKinds, type NoticeKind } from '../../../metadata/contract/notification.js'
import type { UiModel } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import type { Surroundings } from '../../fields/contract.js'
import { LightElement } from '../../ui/light-element.js'
import { setNotice } from '../commands/set-entity.js'
import { objectOf, textOf, type EntityDefinition } from '../draft/definitions.js'
import type { Design } from '../draft/draft-store.js'
import { choiceField, entry } from '../entry.js'
import { problemText } from '../words.js'
import { noticeChoices, type KeyChoice } from './combinations.js'
import type { Perform } from './field-panel.js'

/** `<told-editor .client .model .design .entity .surroundings .perform>` */
@customElement('told-editor')
export class ToldEditor extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, design: { attribute: false }, entity: { attribute: false }, surroundings: { attribute: false }, perform: { attribute: false } }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare design: Design | undefined
  declare entity: EntityDefinition | undefined
  declare surroundings: Surroundings
  declare perform: Perform

  constructor() {
    super()
    new Watch(this, language)
  }

  override render(): TemplateResult | typeof nothing {
    const { design, entity, model } = this
    if (design === undefined || entity === undefined) return nothing
    const { people, moments } = noticeChoices(entity, design.published.fieldTypes, model?.entities[entity.name])
    const told = objectOf(objectOf(entity.document['crm'])['notify'])
    if (people.length === 0 && Object.keys(told).length === 0) return html`<p class="quiet">${t('told.noPeople')}</p>`
    return html`<div class="panel-fields"><p class="quiet">${t('told.help')}</p>
      ${noticeKinds.map((kind) => (kind === 'reminder' && moments.length === 0 && told[kind] === undefined ? nothing : this.#kind(entity, told, kind, people, moments)))}</div>`
  }

  #kind(entity: EntityDefinition, told: JsonObject, kind: NoticeKind, people: readonly KeyChoice[], moments: readonly KeyChoice[]): TemplateResult {
    const rule = objectOf(told[kind])
    const [first] = moments
    const set = (name: string, value: Json | undefined): void => this.#put(entity, kind, Object.fromEntries(Object.entries({ ...rule, [name]: value ?? null }).filter(([, part]) => part !== null)))
    const who = entry(this.surroundings, {
      field: choice(`told-${kind}`, t(`told.${kind}`), people, textOf(rule['to'])), value: textOf(rule['to']) || null, help: t(`told.${kind}Help`), error: this.#problem(entity, `${kind}/to`),
      change: (value) => (value ?? '') !== textOf(rule['to']) && this.#put(entity, kind, value === null ? undefined : { ...(kind === 'reminder' ? { at: first?.key ?? '' } : {}), ...rule, to: value }),
    })
    if (kind !== 'reminder' || told[kind] === undefined) return who
    const shown = this.model?.entities[entity.name]
    return html`${who}
      ${entry(this.surroundings, { field: choice('told-at', t('told.at'), moments, textOf(rule['at']), true), value: textOf(rule['at']) || null, error: this.#problem(entity, 'reminder/at'), change: (value) => value !== null && value !== rule['at'] && set('at', value) })}
      ${shown === undefined ? nothing : html`<fieldset class="row-group"><legend>${t('told.where')}</legend>
        <condition-entry .client=${this.client} .model=${this.model} .entity=${shown} .condition=${isObject(rule['where']) ? rule['where'] : undefined} .surroundings=${this.surroundings} heading=${t('told.where')}
          place=${`${entity.path} reminder`} @condition=${(event: CustomEvent<JsonObject | undefined>) => set('where', event.detail)}></condition-entry>
        ${this.#problem(entity, 'reminder/where') === '' ? nothing : html`<p class="wrong">${this.#problem(entity, 'reminder/where')}</p>`}</fieldset>`}`
  }

  #put(entity: EntityDefinition, kind: NoticeKind, rule: JsonObject | undefined): void {
    this.perform((documents) => setNotice(documents, entity.name, kind, rule))
  }

  #problem(entity: EntityDefinition, place: string): string {
    const at = `${entity.path}#/crm/notify/${place}`
    const found = this.design?.problems.find(({ path }) => path === at || path.startsWith(`${at}/`))
    return found === undefined ? '' : problemText(found)
  }
}

/** What is chosen is there to be seen, whatever it is. */
const choice = (key: string, title: string, choices: readonly KeyChoice[], chosen: string, required = false): ReturnType<typeof choiceField> =>
  choiceField(key, title, [...choices.map((one) => [one.key, one.title] as const), ...(chosen === '' || choices.some((one) => one.key === chosen) ? [] : [[chosen, chosen] as const])], required)

declare global {
  interface HTMLElementTagNameMap {
    'told-editor': ToldEditor
  }
}
