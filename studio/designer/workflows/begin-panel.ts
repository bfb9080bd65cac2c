/** What begins a workflow, for whom it acts, and what it is called. */
import './record-begins.js'
import '../steps/asked-form-editor.js'
import '../steps/json-text.js'
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { language, languageTitle, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import type { Desk } from '../desk.js'
import { setTranslation } from '../commands/set-field.js'
import { setValue } from '../commands/set-value.js'
import { listOf, objectOf, textLanguages, textOf } from '../draft/definitions.js'
import { choiceField, entry, shownField } from '../entry.js'
import { problemText } from '../words.js'
import { beginsOf, cronOf, simpleCron, type Begin } from './begin.js'
import { workflowAddress } from './places.js'
import { entityEntry, isRecordBegin } from './record-begins.js'
import { weekdayName, type Wording } from './sentences.js'
import { rolesOf } from './workflows.js'

const ways = ['record', 'cron', 'every', 'hook', 'hand'] as const
/** How other systems sign, by the names of the schema. */
const schemes = ['standard', 'stripe', 'github', 'shopify'] as const
/** Names that the input of a run has for the record itself. */
const recordKeys = ['entity', 'record']

/** One way to begin, or any of several things that happen to records. Whoever waits for all of several events is not by hand, though it has no beginning that is known here. */
function shownByEye(begins: readonly Begin[], workflow: JsonObject): boolean {
  if (begins.length > 1) return begins.every(isRecordBegin)
  return begins.every(({ kind }) => kind !== 'event' && kind !== 'after' && (kind !== 'hand' || workflow['schedule'] === undefined))
}

/** `<begin-panel .desk .wording .name>`; fires `gone` when the workflow is taken out. */
@customElement('begin-panel')
export class BeginPanel extends LightElement {
  static override properties = { desk: { attribute: false }, wording: { attribute: false }, name: {} }
  declare desk: Desk | undefined
  declare wording: Wording | undefined
  declare name: string

  constructor() {
    super()
    this.name = ''
    new Watch(this, language)
  }

  override render(): TemplateResult | typeof nothing {
    const { desk, wording } = this
    if (desk === undefined || wording === undefined) return nothing
    const begins = beginsOf(wording.workflow)
    const [begin] = begins
    return html`
      <header class="panel-head"><span class="tile">${icon('spark')}</span><h2 tabindex="-1">${t('process.beginTitle')}</h2><a class="plain icon-only" href=${workflowAddress(this.name)} aria-label=${t('close')}>${icon('close')}</a></header>
      <div class="panel-fields process-panel">
        ${this.#problems(desk, wording).map((text) => html`<p class="panel-error" role="alert">${icon('warning')}${text}</p>`)}
        ${this.#texts(desk, wording)}
        ${begin === undefined || !shownByEye(begins, wording.workflow)
          ? html`<p class="note">${icon('help')}<span>${t('process.beginNotByEye')}</span></p><json-text .label=${t('process.beginsWith')} .value=${wording.workflow['schedule']} @value=${(event: CustomEvent<Json | undefined>) => this.#set(['schedule'], event.detail)}></json-text>`
          : html`${this.#way(desk, begin)}${this.#when(desk, wording, begin)}`}
        ${this.#rights(desk, wording)}
        <div class="panel-end"><vaadin-button theme="tertiary error" @click=${() => this.#remove(desk, wording)}>${icon('trash', 'prefix')}${t('process.removeWorkflow')}</vaadin-button></div>
      </div>
    `
  }

  #set(keys: readonly string[], value: Json | undefined, name = ''): void {
    const path = this.wording?.path
    if (path !== undefined) this.desk?.perform((documents) => setValue(documents, [path, ...keys], value), name)
  }

  #problems({ design }: Desk, { path }: Wording): readonly string[] {
    return design.problems.filter((problem) => problem.path === path || problem.path === `${path}#` || problem.path.startsWith(`${path}#/schedule`) || (problem.path.startsWith(`${path}#/document`) && !problem.path.startsWith(`${path}#/document/metadata/form`))).map(problemText)
  }

  #texts({ surroundings, design, perform }: Desk, { workflow, path }: Wording): TemplateResult {
    const head = objectOf(workflow['document'])
    const text = (key: 'title' | 'summary', type: 'text' | 'longText'): TemplateResult => entry(surroundings, {
      field: shownField(`workflow-${key}`, t(key === 'title' ? 'process.title.label' : 'process.summary'), type), value: textOf(head[key]),
      change: (value) => textOf(head[key]) !== (value ?? '') && this.#set(['document', key], typeof value === 'string' && value !== '' ? value : undefined, `${path} ${key}`),
    })
    return html`${text('title', 'text')}${textLanguages(design.draft.documents).map((tag) => entry(surroundings, {
      field: shownField(`workflow-title-${tag}`, t('designer.field.titleIn', { language: languageTitle(tag) }), 'text'), value: textOf(objectOf(objectOf(design.draft.documents[`texts/${tag}.json`])[path])['/document/title']),
      change: (value) => perform((documents) => setTranslation(documents, tag, path, '/document/title', typeof value === 'string' ? value : ''), `${path} title ${tag}`),
    }))}${text('summary', 'longText')}`
  }

  #way({ surroundings, drafted: model }: Desk, begin: Begin): TemplateResult {
    const [entity = ''] = Object.keys(model.entities)
    const starts: Readonly<Record<string, JsonObject | undefined>> = {
      record: { on: { one: { with: { type: `crm.${(begin.kind === 'hand' || begin.kind === 'segment') && begin.entity !== '' ? begin.entity : entity}.created` } } } }, cron: { cron: cronOf(2, 0, null) }, every: { every: { hours: 1 } }, hook: { hook: { secret: 'PARTNER' } }, hand: undefined,
    }
    const way = begin.kind === 'segment' ? 'record' : begin.kind
    return entry(surroundings, {
      field: choiceField('begin', t('process.beginsWith'), ways.map((way) => [way, t(`process.beginWay.${way}`)]), true), value: way,
      change: (value) => typeof value === 'string' && value !== way && this.#set(['schedule'], starts[value]),
    })
  }

  #when(desk: Desk, wording: Wording, begin: Begin): TemplateResult | typeof nothing {
    if (isRecordBegin(begin)) return html`<record-begins .desk=${desk} .wording=${wording}></record-begins>`
    if (begin.kind === 'cron') return this.#clock(desk, begin.cron)
    if (begin.kind === 'every') return html`<json-text .label=${t('process.beginWay.every')} .value=${begin.every} @value=${(event: CustomEvent<Json | undefined>) => this.#set(['schedule', 'every'], event.detail)}></json-text>`
    if (begin.kind === 'hook') return this.#hook(desk, begin)
    if (begin.kind !== 'hand') return nothing
    return html`${entityEntry(desk, wording, begin.entity, false, (value) => this.#set(['document', 'metadata', 'entity'], value))}
      ${begin.entity === '' ? nothing : html`<p class="quiet">${t('process.buttonHelp')}</p>`}
      <fieldset class="row-group"><legend>${t('process.buttonForm')}</legend><asked-form-editor .desk=${desk} .place=${{ path: wording.path, keys: ['document', 'metadata', 'form'] }} .taken=${recordKeys}></asked-form-editor></fieldset>`
  }

  #clock({ surroundings, design }: Desk, cron: string): TemplateResult {
    const simple = simpleCron(cron)
    const zone = textOf(design.draft.documents['layer.json']?.['timeZone']) || 'UTC'
    if (simple === null) return entry(surroundings, { field: shownField('cron', t('process.timeTable'), 'text', {}, true), value: cron, help: t('process.timeTableHelp', { zone }), change: (value) => value !== cron && this.#set(['schedule', 'cron'], value ?? '') })
    const { hour, minute, weekday } = simple
    const two = (part: number): string => String(part).padStart(2, '0')
    return html`
      <label class="plain-entry"><span>${t('process.day')}</span><select class="plain-select" @change=${(event: Event) => this.#set(['schedule', 'cron'], cronOf(hour, minute, (event.target as HTMLSelectElement).value === '' ? null : Number((event.target as HTMLSelectElement).value)))}>
        <option value="" ?selected=${weekday === null}>${t('process.everyDay')}</option>${[1, 2, 3, 4, 5, 6, 0].map((one) => html`<option value=${one} ?selected=${one === weekday}>${weekdayName(one)}</option>`)}</select></label>
      <label class="plain-entry"><span>${t('process.time')}</span><input class="plain-input" type="time" required .value=${`${two(hour)}:${two(minute)}`} @change=${(event: Event) => this.#timed((event.target as HTMLInputElement).value, weekday)} /></label>
      <p class="quiet">${t('process.inZone', { zone })}</p>
    `
  }

  #hook({ surroundings }: Desk, { secret, scheme }: Extract<Begin, { kind: 'hook' }>): TemplateResult {
    return html`
      <label class="plain-entry"><span>${t('process.hookAddress')}</span><input class="plain-input" readonly .value=${`${location.origin}/api/hooks/${this.name}`} @focus=${(event: Event) => (event.target as HTMLInputElement).select()} /></label>
      ${entry(surroundings, { field: shownField('hook-secret', t('process.hookSecret'), 'text', { maxLength: 60, pattern: '^[A-Z][A-Z0-9_]{0,59}$' }, true), value: secret, help: t('process.hookSecretHelp'), change: (value) => value !== secret && this.#set(['schedule', 'hook', 'secret'], typeof value === 'string' ? value.toUpperCase() : '', 'hook secret') })}
      ${entry(surroundings, { field: choiceField('hook-scheme', t('process.hookScheme'), schemes.map((one) => [one, t(`process.scheme.${one}`)]), true), value: scheme, change: (value) => typeof value === 'string' && value !== scheme && this.#set(['schedule', 'hook', 'scheme'], value === 'standard' ? undefined : value) })}
      <p class="quiet">${t('process.hookInput')}</p>
    `
  }

  #timed(value: string, weekday: number | null): void {
    const [hour, minute] = value.split(':').map(Number)
    if (hour !== undefined && minute !== undefined && value !== '') this.#set(['schedule', 'cron'], cronOf(hour, minute, weekday))
  }

  #rights({ surroundings, design }: Desk, { workflow }: Wording): TemplateResult {
    const facts = objectOf(objectOf(workflow['document'])['metadata'])
    const roles = rolesOf(design, language.value)
    const byItself = workflow['schedule'] !== undefined
    return html`
      ${entry(surroundings, { field: choiceField('role', t('process.actsAs'), roles, byItself), value: facts['role'] ?? null, help: t(byItself ? 'process.actsAsHelp' : 'process.actsAsHandHelp'), change: (value) => (value ?? undefined) !== facts['role'] && this.#set(['document', 'metadata', 'role'], value ?? undefined) })}
      ${entry(surroundings, { field: { ...choiceField('start', t('process.startedBy'), roles), type: 'multiSelect' }, value: facts['start'] ?? null, help: t('process.startedByAlso'), change: (value) => JSON.stringify(value ?? []) !== JSON.stringify(facts['start'] ?? []) && this.#set(['document', 'metadata', 'start'], listOf(value).length === 0 ? undefined : value) })}
    `
  }

  #remove(desk: Desk, { path }: Wording): void {
    this.dispatchEvent(new CustomEvent('gone'))
    desk.perform((documents) => [...setValue(documents, [path], undefined), ...textLanguages(documents).flatMap((tag) => setValue(documents, [`texts/${tag}.json`, path], undefined))])
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'begin-panel': BeginPanel
  }
}
