/** What happens to which records, so that a workflow begins: one thing, or any of several. */
import './record-begins.css'
import '../condition-entry.js'
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { keyed } from 'lit/directives/keyed.js'

import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { segmentDesignPath } from '../../shell/routes.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { setValue } from '../commands/set-value.js'
import { addBegin, removeBegin } from '../commands/workflow-begins.js'
import { listOf } from '../draft/definitions.js'
import type { Desk } from '../desk.js'
import { choiceField, entry } from '../entry.js'
import { beginsOf, segmentVerbs, verbs, type Begin, type Verb } from './begin.js'
import type { Wording } from './sentences.js'

type RecordBegin = Extract<Begin, { kind: 'record' | 'segment' }>
export const isRecordBegin = (begin: Begin): begin is RecordBegin => begin.kind === 'record' || begin.kind === 'segment'

/** The entity whose records something is about. */
export const entityEntry = ({ surroundings }: Desk, { entities }: Wording, value: string, required: boolean, change: (entity: string | undefined) => void): TemplateResult => entry(surroundings, {
  field: choiceField('entity', t('process.whichRecords'), entities.filter(({ archived }) => !archived).map(({ name, title }) => [name, title]), required), value,
  change: (next) => (next ?? '') !== value && !(required && next === null) && change(typeof next === 'string' ? next : undefined),
})

/** `<record-begins .desk .wording>` */
@customElement('record-begins')
export class RecordBegins extends LightElement {
  static override properties = { desk: { attribute: false }, wording: { attribute: false } }
  declare desk: Desk | undefined
  declare wording: Wording | undefined

  constructor() {
    super()
    new Watch(this, language)
  }

  override render(): TemplateResult | typeof nothing {
    const { desk, wording } = this
    if (desk === undefined || wording === undefined) return nothing
    const begins = beginsOf(wording.workflow).filter(isRecordBegin)
    const [only] = begins
    return html`
      ${begins.length === 1 && only !== undefined ? this.#one(desk, wording, only) : begins.map((begin, index) => this.#placed(desk, wording, begin, index, begins.length))}
      <vaadin-button theme="tertiary" @click=${() => desk.perform((documents) => addBegin(documents, wording.path, another(begins)))}>${icon('plus', 'prefix')}${t('process.beginAlso')}</vaadin-button>`
  }

  /** One of several. With another number of them none is handed the inputs of another. */
  #placed(desk: Desk, wording: Wording, begin: RecordBegin, index: number, count: number): TemplateResult {
    const number = String(index + 1)
    return keyed(`${String(count)} ${number}`, html`
      <section class="begin-one" aria-label=${t('process.beginNumber', { number })}>
        <header><strong>${t('process.beginNumber', { number })}</strong><button type="button" class="plain icon-only" aria-label=${t('process.beginRemove', { number })} @click=${() => desk.perform((documents) => removeBegin(documents, wording.path, index))}>${icon('trash')}</button></header>
        ${this.#one(desk, wording, begin)}
      </section>`) as TemplateResult
  }

  #one(desk: Desk, wording: Wording, begin: RecordBegin): TemplateResult {
    return begin.kind === 'record' ? this.#record(desk, wording, begin) : this.#segment(desk, wording, begin)
  }

  #set(keys: readonly string[], value: Json | undefined): void {
    const path = this.wording?.path
    if (path !== undefined) this.desk?.perform((documents) => setValue(documents, [path, ...keys], value))
  }

  #record(desk: Desk, wording: Wording, begin: Extract<Begin, { kind: 'record' }>): TemplateResult {
    const entity = wording.entities.find(({ name }) => name === begin.entity)
    const shown = desk.drafted.entities[begin.entity]
    return html`
      ${entityEntry(desk, wording, begin.entity, true, (name) => this.#set(begin.keys, { type: `crm.${name ?? ''}.${begin.verb}` }))}
      ${this.#verb(desk, begin)}
      ${begin.verb !== 'changed' || entity === undefined ? nothing : entry(desk.surroundings, {
        field: { ...choiceField('fields', t('process.watched'), entity.fields.filter(({ archived }) => !archived).map(({ key, title }) => [key, title])), type: 'multiSelect' }, value: begin.fields, help: t('process.watchedHelp'),
        change: (value) => JSON.stringify(value ?? []) !== JSON.stringify(begin.fields) && this.#set([...begin.keys, 'fields'], listOf(value).length === 0 ? undefined : value),
      })}
      ${shown === undefined ? nothing : html`<fieldset class="row-group"><legend>${t('process.onlyIfRecord')}</legend>
        <condition-entry .client=${desk.client} .model=${desk.drafted} .entity=${shown} .condition=${begin.where ?? undefined} .surroundings=${desk.surroundings} heading=${t('process.onlyIfRecord')}
          place=${`${wording.path} begin ${begin.keys.join('/')}`} @condition=${(event: CustomEvent<JsonObject | undefined>) => this.#set([...begin.keys, 'where'], event.detail)}></condition-entry></fieldset>`}
    `
  }

  /** What happens to the record; what goes with something else does not stay. */
  #verb({ surroundings, drafted }: Desk, begin: RecordBegin): TemplateResult {
    const segments = drafted.entities[begin.entity]?.segments ?? []
    const offered = segments.length > 0 || begin.kind === 'segment' ? [...verbs, ...segmentVerbs] : verbs
    return entry(surroundings, {
      field: choiceField('verb', t('process.whatHappens'), offered.map((verb) => [verb, t(`process.verb.${verb}`)]), true), value: begin.verb,
      change: (value) => {
        if (typeof value !== 'string' || value === begin.verb) return
        const type = `crm.${begin.entity}.${value}`
        const isSegment = segmentVerbs.some((verb) => verb === value)
        if (isSegment === (begin.kind === 'segment')) this.#set([...begin.keys, 'type'], type)
        else this.#set(begin.keys, isSegment ? { type, segment: segments[0]?.name ?? '' } : { type })
      },
    })
  }

  #segment(desk: Desk, wording: Wording, begin: Extract<Begin, { kind: 'segment' }>): TemplateResult {
    const choices = (desk.drafted.entities[begin.entity]?.segments ?? []).map(({ name, title }) => [name, title] as const)
    return html`
      ${entityEntry(desk, wording, begin.entity, true, (name) => this.#set(begin.keys, { type: `crm.${name ?? ''}.created` }))}
      ${this.#verb(desk, begin)}
      ${entry(desk.surroundings, { field: choiceField('segment', t('segments.one'), choices, true), value: begin.segment === '' ? null : begin.segment, help: t('segments.beginHelp'), change: (value) => typeof value === 'string' && value !== begin.segment && this.#set([...begin.keys, 'segment'], value) })}
      ${begin.segment === '' ? nothing : html`<p><a class="plain" href=${segmentDesignPath(begin.segment)}>${icon('filter')}${t('segments.show')}</a></p>`}
    `
  }
}

/** What else is likely meant: the same records, under the same condition, created or changed. */
function another(begins: readonly RecordBegin[]): JsonObject {
  const [first] = begins
  const entity = first?.entity ?? ''
  const where = first?.kind === 'record' ? first.where : null
  const taken = new Set<string>(begins.flatMap((begin) => (begin.entity === entity ? [begin.verb] : [])))
  const verb: Verb = (['changed', 'created', ...verbs] as const).find((one) => !taken.has(one)) ?? 'changed'
  return { type: `crm.${entity}.${verb}`, ...(where === null ? {} : { where }) }
}

declare global {
  interface HTMLElementTagNameMap {
    'record-begins': RecordBegins
  }
}
