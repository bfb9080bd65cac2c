/** The forms of the language's own tasks. What a form does not show of a task is kept; all of it stands under "as text". */
import './data-test-editor.js'
import './value-editor.js'

import { html, nothing, type TemplateResult } from 'lit'

import { isObject, type Json } from '../../../metadata/contract/json.js'
import { t } from '../../client/i18n.js'
import { icon } from '../../ui/icon.js'
import { addBranch, addCase, removeBranch, removeCase } from '../commands/workflow-steps.js'
import { objectOf, textOf, titleFrom } from '../draft/definitions.js'
import { choiceField, entry, shownField } from '../entry.js'
import { verbs } from '../workflows/begin.js'
import { jsonPart } from './json-part.js'
import type { PanelContext } from './panel-context.js'
import { isoParts, leadsWords } from '../workflows/sentences.js'
import { bare, expression } from './tests.js'
import { sourceSelect } from './value-editor.js'
import { entriesOf, languageOf, namesIn, placeOf, type StepKind } from '../workflows/workflow-tree.js'

type Form = (context: PanelContext) => TemplateResult | typeof nothing

/** By kind; the others have only what all steps have. */
export const plainForms: Partial<Record<StepKind, Form>> = {
  wait: (context) => durationForm(context, ['wait'], t('process.howLong')),
  choice: (context) => casesForm(context),
  switch: (context) => jumpsForm(context),
  for: (context) => loopForm(context),
  fork: (context) => forkForm(context),
  try: (context) => tryForm(context),
  set: (context) => setForm(context),
  listen: (context) => listenForm(context),
  emit: (context) => html`${text(context, ['emit', 'event', 'with', 'type'], t('process.eventType'), true)}${jsonPart(context, t('process.eventData'), ['emit', 'event', 'with'])}`,
  run: (context) => runForm(context),
  raise: (context) => raiseForm(context),
}

const at = (context: PanelContext, member: readonly string[]): Json | undefined => member.reduce<Json | undefined>((part, key) => objectOf(part)[key], context.step.task)
const inside = (member: readonly string[]): string => `/${member.join('/')}`

function text(context: PanelContext, member: readonly string[], title: string, required = false, help = ''): TemplateResult {
  return entry(context.surroundings, {
    field: shownField(member.join('-'), title, 'text', {}, required), value: textOf(at(context, member)), help, error: context.error(inside(member)),
    change: (value) => textOf(at(context, member)) !== (value ?? '') && context.set(member, typeof value === 'string' && value !== '' ? value : required ? '' : undefined),
  })
}

const units = ['days', 'hours', 'minutes', 'seconds'] as const

/** Days, hours, minutes; another text (an expression) is entered as it is. */
export function durationForm(context: PanelContext, member: readonly string[], title: string): TemplateResult {
  const given = at(context, member)
  const parts = isObject(given) ? given : typeof given === 'string' ? isoParts(given) : {}
  if (parts === null) return text(context, member, title, true, t('process.durationHelp'))
  const put = (unit: string, value: Json): void => {
    const next = Object.fromEntries(Object.entries({ ...parts, [unit]: value }).filter(([, count]) => typeof count === 'number' && count > 0))
    context.set(member, Object.keys(next).length === 0 ? { seconds: 0 } : next)
  }
  return html`<fieldset class="row-group duration"><legend>${title}</legend><div class="pair-row">
    ${units.map((unit) => entry(context.surroundings, { field: shownField(unit, t(`process.unit.${unit}`), 'integer', { minimum: 0 }), value: parts[unit] ?? null, change: (value) => (parts[unit] ?? null) !== value && put(unit, value) }))}
  </div>${errorLine(context.error(inside(member)))}</fieldset>`
}

const errorLine = (error: string): TemplateResult | typeof nothing => (error === '' ? nothing : html`<p class="wrong" role="alert">${error}</p>`)

const test = (context: PanelContext, label: string, source: string, error: string, change: (source: string) => void): TemplateResult => html`<data-test-editor .surroundings=${context.surroundings} .label=${label} .source=${source} .written=${languageOf(context.wording.workflow)}
  .sources=${context.sources} .functions=${context.desk.design.published.functions} .error=${error} @source=${(event: CustomEvent<string>) => change(event.detail)}></data-test-editor>`

/** What a step is done only if. */
export const onlyIfForm = (context: PanelContext): TemplateResult => test(context, t('process.onlyIfLabel'), textOf(context.step.task['if']), context.error('/if'), (source) => context.set(['if'], source === '' ? undefined : source))

function casesForm(context: PanelContext): TemplateResult {
  const { step, desk, wording: { documents, path }, change } = context
  const [choose, ...branches] = entriesOf(step.task['do'])
  const cases = entriesOf(choose?.[1]['switch'])
  const first = choose?.[0] ?? ''
  return html`
    <p class="quiet">${t('process.casesHelp')}</p>
    ${cases.map(([name, one], index) => html`<div class="case-row">
      ${one['when'] === undefined
        ? html`<strong>${t('process.lane.otherwise')}</strong>`
        : test(context, t('process.caseNumber', { number: index + 1 }), textOf(one['when']), context.error(`/do/0/${first}/switch/${index}/${name}/when`), (source) => context.set(['do', '0', first, 'switch', String(index), name, 'when'], source === '' ? 'false' : source))}
      <button type="button" class="plain" ?disabled=${cases.length < 2} @click=${() => change(removeCase(desk.design.draft.documents, path, step.keys, index))}>${icon('trash')}${t('process.removeBranch')}</button>
    </div>`)}
    <button type="button" class="plain accent" @click=${() => change(addCase(documents, path, step.keys, `case${branches.length}`, 'false'))}>${icon('plus')}${t('process.addCase')}</button>
  `
}

/** Cases that lead to steps beside: where each leads is chosen. */
function jumpsForm(context: PanelContext): TemplateResult {
  const { step, wording: { workflow } } = context
  const place = placeOf(step.keys)
  const beside = place === null ? [] : namesIn(workflow, place.list)
  return html`
    <p class="quiet">${t('process.jumpsHelp')}</p>
    ${entriesOf(step.task['switch']).map(([name, one], index) => html`<div class="case-row">
      ${one['when'] === undefined ? html`<strong>${t('process.lane.otherwise')}</strong>` : test(context, titleFrom(name), textOf(one['when']), context.error(`/switch/${index}/${name}/when`), (source) => context.set(['switch', String(index), name, 'when'], source === '' ? 'false' : source))}
      ${thenChoice(context, ['switch', String(index), name, 'then'], beside.filter((other) => other !== step.name))}
    </div>`)}
  `
}

/** Where it goes on. */
export function thenChoice(context: PanelContext, member: readonly string[], beside: readonly string[]): TemplateResult {
  const value = textOf(at(context, member)) || 'continue'
  const known = ['continue', 'exit', 'end', ...beside]
  return html`<label class="plain-entry"><span>${t('process.then')}</span><select class="plain-select" @change=${(event: Event) => context.set(member, (event.target as HTMLSelectElement).value === 'continue' && member.length === 1 ? undefined : (event.target as HTMLSelectElement).value)}>
    ${(known.includes(value) ? known : [...known, value]).map((one) => html`<option value=${one} ?selected=${one === value}>${leadsWords(one)}</option>`)}</select></label>${errorLine(context.error(inside(member)))}`
}

function loopForm(context: PanelContext): TemplateResult {
  const { sources, wording: { workflow } } = context
  const cel = languageOf(workflow) === 'cel'
  const lists = sources.filter(({ list }) => list)
  const given = textOf(at(context, ['for', 'in']))
  return html`
    ${lists.length === 0 ? nothing : html`<label class="plain-entry"><span>${t('process.throughList')}</span>${sourceSelect(lists, bare(given), '', (path) => context.set(['for', 'in'], expression(path)))}</label>`}
    ${lists.some(({ path }) => path === bare(given)) ? nothing : text(context, ['for', 'in'], t('process.listFormula'), true, cel ? t('process.listFormulaHelp') : '')}
    ${text(context, ['for', 'each'], t('process.itemName'), false, t('process.itemNameHelp'))}
    ${test(context, t('process.while'), textOf(context.step.task['while']), context.error('/while'), (source) => context.set(['while'], source === '' ? undefined : source))}
  `
}

function forkForm(context: PanelContext): TemplateResult {
  const { step, desk, wording: { documents, path }, change } = context
  const branches = entriesOf(objectOf(step.task['fork'])['branches'])
  return html`
    <label class="tick"><input type="checkbox" .checked=${at(context, ['fork', 'compete']) === true} @change=${(event: Event) => context.set(['fork', 'compete'], (event.target as HTMLInputElement).checked ? true : undefined)} /><span>${t('process.compete')}<small>${t('process.competeHelp')}</small></span></label>
    <ul class="branch-list">${branches.map(([name], index) => html`<li><span>${titleFrom(name)}</span><button type="button" class="plain" ?disabled=${branches.length < 2} @click=${() => change(removeBranch(desk.design.draft.documents, path, step.keys, index))}>${icon('trash')}${t('process.removeBranch')}</button></li>`)}</ul>
    <button type="button" class="plain accent" @click=${() => change(addBranch(documents, path, step.keys))}>${icon('plus')}${t('process.addBranch')}</button>
  `
}

function tryForm(context: PanelContext): TemplateResult {
  const retry = at(context, ['catch', 'retry'])
  if (typeof retry === 'string') return jsonPart(context, t('process.retry'), ['catch', 'retry'])
  const attempts = at(context, ['catch', 'retry', 'limit', 'attempt', 'count'])
  const count = (value: Json): void => {
    const { retry: _retry, ...kept } = objectOf(at(context, ['catch']))
    context.set(['catch'], typeof value === 'number' && value > 0 ? { ...kept, retry: { delay: { seconds: 30 }, ...objectOf(retry), limit: { ...objectOf(objectOf(retry)['limit']), attempt: { count: value } } } } : kept)
  }
  return html`
    ${entry(context.surroundings, { field: shownField('attempts', t('process.attempts'), 'integer', { minimum: 0, maximum: 100 }), value: attempts ?? null, help: t('process.attemptsHelp'), change: (value) => (attempts ?? null) !== value && count(value) })}
    ${retry === undefined ? nothing : durationForm(context, ['catch', 'retry', 'delay'], t('process.pause'))}
    ${text(context, ['catch', 'as'], t('process.errorName'), false, t('process.errorNameHelp'))}
  `
}

function setForm(context: PanelContext): TemplateResult {
  const given = at(context, ['set'])
  if (!isObject(given)) return text(context, ['set'], t('process.formula'), true)
  const put = (key: string, value: Json | undefined): void => context.set(['set'], { ...given, [key]: value ?? null })
  return html`<fieldset class="row-group"><legend>${t('process.valuesByName')}</legend>
    ${Object.entries(given).map(([key, value]) => html`<div class="entry-row">
      ${typeof value === 'object' && value !== null
        ? html`<json-text .label=${key} .value=${value} @value=${(event: CustomEvent<Json | undefined>) => put(key, event.detail)}></json-text>`
        : html`<value-editor .surroundings=${context.surroundings} .field=${shownField(key, key, typeof value === 'number' ? 'decimal' : typeof value === 'boolean' ? 'boolean' : 'text')} .value=${value ?? undefined} .sources=${context.sources} .functions=${context.desk.design.published.functions} .error=${context.error(`/set/${key}`)}
            @value=${(event: CustomEvent<Json | undefined>) => put(key, event.detail)}></value-editor>`}
      <button type="button" class="plain icon-only" aria-label=${t('process.removeField', { field: key })} @click=${() => context.set(['set'], Object.fromEntries(Object.entries(given).filter(([other]) => other !== key)))}>${icon('close')}</button></div>`)}
    <input class="plain-input" type="text" maxlength="60" placeholder=${t('process.newValueName')} aria-label=${t('process.newValueName')} @keydown=${(event: KeyboardEvent) => named(event, (key) => put(key, ''))} />
  </fieldset>`
}

/** Enter takes the typed name, when it can stand in expressions. */
function named(event: KeyboardEvent, take: (key: string) => void): void {
  const input = event.target
  if (event.key !== 'Enter' || event.isComposing || !(input instanceof HTMLInputElement) || !/^[A-Za-z_]\w*$/.test(input.value)) return
  event.preventDefault()
  take(input.value)
  input.value = ''
}

function listenForm(context: PanelContext): TemplateResult {
  const type = textOf(at(context, ['listen', 'to', 'one', 'with', 'type']))
  const [, entity, verb] = /^crm\.(\w+)\.(\w+)$/.exec(type) ?? []
  if (at(context, ['listen', 'to', 'one']) === undefined || (type !== '' && entity === undefined)) return jsonPart(context, t('process.listenTo'), ['listen', 'to'])
  const put = (next: { readonly entity?: string; readonly verb?: string }): void => context.set(['listen', 'to', 'one', 'with', 'type'], `crm.${next.entity ?? entity ?? ''}.${next.verb ?? verb ?? 'changed'}`)
  return html`
    ${entry(context.surroundings, { field: choiceField('entity', t('process.whichRecords'), context.wording.entities.filter(({ archived }) => !archived).map(({ name, title }) => [name, title]), true), value: entity ?? null, change: (value) => typeof value === 'string' && value !== entity && put({ entity: value }) })}
    ${entry(context.surroundings, { field: choiceField('verb', t('process.whatHappens'), verbs.map((one) => [one, t(`process.verb.${one}`)]), true), value: verb ?? null, error: context.error('/listen/to/one'), change: (value) => typeof value === 'string' && value !== verb && put({ verb: value }) })}
  `
}

function runForm(context: PanelContext): TemplateResult {
  const { documents } = context.wording
  const known = Object.entries(documents).flatMap(([path, one]) => (path.startsWith('workflows/') && path !== context.wording.path ? [objectOf(one['document'])] : []))
  return html`
    ${entry(context.surroundings, {
      field: choiceField('workflow', t('process.whichWorkflow'), known.map((one) => [textOf(one['name']), textOf(one['title']) || titleFrom(textOf(one['name']))]), true), value: at(context, ['run', 'workflow', 'name']) ?? null, error: context.error('/run'),
      change: (value) => typeof value === 'string' && value !== at(context, ['run', 'workflow', 'name']) && context.set(['run', 'workflow'], { ...objectOf(at(context, ['run', 'workflow'])), namespace: textOf(known.find((one) => one['name'] === value)?.['namespace']) || 'default', name: value }),
    })}
    ${jsonPart(context, t('process.givenToIt'), ['run', 'workflow', 'input'])}
  `
}

function raiseForm(context: PanelContext): TemplateResult {
  if (typeof at(context, ['raise', 'error']) === 'string') return text(context, ['raise', 'error'], t('process.errorTitle'), true)
  return html`${text(context, ['raise', 'error', 'title'], t('process.errorTitle'), true)}${entry(context.surroundings, {
    field: shownField('status', t('process.errorStatus'), 'integer', { minimum: 100, maximum: 599 }), value: at(context, ['raise', 'error', 'status']) ?? null, change: (value) => typeof value === 'number' && value !== at(context, ['raise', 'error', 'status']) && context.set(['raise', 'error', 'status'], value) })}`
}

/** HTTP: what is asked of which address, and what is sent along. */
export function httpForm(context: PanelContext): TemplateResult {
  const endpoint = at(context, ['with', 'endpoint'])
  const place = isObject(endpoint) ? ['with', 'endpoint', 'uri'] : ['with', 'endpoint']
  const methods = ['get', 'post', 'put', 'patch', 'delete'] as const
  const given = textOf(at(context, ['with', 'method']))
  return html`
    ${entry(context.surroundings, { field: choiceField('method', t('process.method'), methods.map((one) => [one, one.toUpperCase()]), true), value: given.toLowerCase(), change: (value) => typeof value === 'string' && value !== given.toLowerCase() && context.set(['with', 'method'], value) })}
    ${text(context, place, t('process.address'), true)}
    ${errorLine(context.error('/with'))}
    ${jsonPart(context, t('process.headers'), ['with', 'headers'])}
    ${jsonPart(context, t('process.body'), ['with', 'body'])}
  `
}

