/** What a tile says of itself: over which records, what it shows of them, how wide it is. */
import '../../lists/filter/filter-bar.js'
import '../../lists/filter/filter-builder.js'

import { html, nothing, type TemplateResult } from 'lit'

import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import type { UiEntity } from '../../../metadata/contract/ui-model.js'
import { groupTexts, measureTexts, readMeasure, usualGroup, writeMeasure } from '../../charts/choices.js'
import { language, languageTitle, t } from '../../client/i18n.js'
import { fieldAt } from '../../client/model.js'
import { pathChoices, type PathChoice } from '../../lists/table/columns.js'
import { chartTypes } from '../../lists/shapes.js'
import { icon } from '../../ui/icon.js'
import { dashboardDocument, narrowest, setTile, widest } from '../commands/dashboards.js'
import { setTranslation } from '../commands/set-field.js'
import type { Desk } from '../desk.js'
import { listOf, objectOf, textLanguages, textOf, translated } from '../draft/definitions.js'
import { choiceField, entry, shownField } from '../entry.js'
import { problemText } from '../words.js'
import { kindOf, measureOf, newTile, widthOf } from './dashboard-shape.js'
import { tileIcons } from './tile-gallery.js'
import { momentsOf } from './tile-paths.js'

export interface TilePanel {
  readonly desk: Desk
  /** Name of the dashboard. */
  readonly name: string
  /** Name of the tile. */
  readonly tile: string
  readonly close: () => void
  readonly remove: () => void
  readonly step: (by: number) => void
}

/** The tile that is shown, and how a part of it is changed. */
interface Shown extends TilePanel {
  readonly definition: JsonObject
  readonly entity: UiEntity
  readonly paths: readonly PathChoice[]
  set(keys: readonly string[], value: Json | undefined, joins?: boolean): void
}

export function tilePanel(context: TilePanel): TemplateResult {
  const { desk, name, tile, close, remove, step } = context
  const definition = objectOf(objectOf(desk.design.draft.documents[dashboardDocument(name)]?.['tiles'])[tile])
  const kind = kindOf(definition)
  const entity = desk.drafted.entities[textOf(definition['entity'])]
  const place = `${dashboardDocument(name)}#/tiles/${tile}`
  const problems = desk.design.problems.filter(({ path }) => path === place || path.startsWith(`${place}/`))
  const shown: Shown | null = entity === undefined ? null : {
    ...context, definition, entity, paths: pathChoices(desk.drafted, entity),
    set: (keys, value, joins = false) => desk.perform((documents) => setTile(documents, name, tile, keys, value), joins ? `${place}/${keys.join('/')}` : ''),
  }
  return html`
    <header class="panel-head">
      <span class="tile">${icon(tileIcons[kind])}</span><h2 tabindex="-1">${t(`tiles.kind.${kind}`)}</h2>
      <button type="button" class="plain icon-only" aria-label=${t('close')} @click=${close}>${icon('close')}</button>
    </header>
    <div class="panel-fields">
      ${problems.map((problem) => html`<p class="panel-error" role="alert">${icon('warning')}${problemText(problem)}</p>`)}
      <div class="tile-moves" role="group" aria-label=${t('form.moves')}>
        <button type="button" class="plain" @click=${() => step(-1)}>${icon('arrowUp')}${t('form.earlier')}</button>
        <button type="button" class="plain" @click=${() => step(1)}>${icon('arrowDown')}${t('form.later')}</button>
        <button type="button" class="plain" @click=${remove}>${icon('trash')}${t('tiles.remove')}</button>
      </div>
      ${titles(context, definition)}
      ${entityChoice(context, definition)}
      ${shown === null ? nothing : html`
        ${parts[kind](shown)}
        ${conditionOf(shown, t('tiles.only'), ['filter'], definition['filter'])}
        ${narrowing(shown)}
        ${number(shown, ['width'], t('tiles.width'), widthOf(definition), { minimum: narrowest, maximum: widest }, t('tiles.widthHelp'))}`}
    </div>`
}

function titles({ desk: { surroundings, design: { draft: { documents } }, perform }, name, tile }: TilePanel, definition: JsonObject): TemplateResult {
  const path = dashboardDocument(name)
  const at = `/tiles/${tile}/title`
  return html`
    ${entry(surroundings, { field: shownField('tile-title', t('tiles.title'), 'text', {}, true), value: textOf(definition['title']), change: (text) => { if (typeof text === 'string' && text !== '') perform((now) => setTile(now, name, tile, ['title'], text), `${path}${at}`) } })}
    ${textLanguages(documents).map((tag) => entry(surroundings, {
      field: shownField(`tile-title-${tag}`, t('designer.field.titleIn', { language: languageTitle(tag) }), 'text'), value: translated(documents, tag, path, at),
      change: (text) => perform((now) => setTranslation(now, tag, path, at, typeof text === 'string' ? text : ''), `${tag}${path}${at}`),
    }))}`
}

/** Other records have other fields: what was said of those before goes. */
function entityChoice({ desk: { surroundings, drafted, perform }, name, tile }: TilePanel, definition: JsonObject): TemplateResult {
  const entities = Object.values(drafted.entities).toSorted((a, b) => a.plural.localeCompare(b.plural, language.value))
  const choose = (value: Json): void => {
    const next = typeof value === 'string' ? drafted.entities[value] : undefined
    if (next === undefined || next.name === definition['entity']) return
    const fresh = newTile(kindOf(definition), textOf(definition['title']), next, usualGroup(drafted, next), [t('tiles.allOf', { entity: next.plural }), t('tiles.nextStep')])
    perform((documents) => setTile(documents, name, tile, [], { ...fresh, ...(definition['width'] === undefined ? {} : { width: definition['width'] }), ...(definition['position'] === undefined ? {} : { position: definition['position'] }) }))
  }
  return entry(surroundings, { field: choiceField('tile-entity', t('tiles.entity'), entities.map(({ name: key, plural }) => [key, plural]), true), value: textOf(definition['entity']) || null, change: choose })
}

type Part = (shown: Shown) => TemplateResult | typeof nothing

/** What each kind shows. */
const parts: Readonly<Record<ReturnType<typeof kindOf>, Part>> = {
  number: (shown) => html`${measure(shown, ['measure'])}${choice(shown, ['better'], t('tiles.better'), [['more', t('tiles.better.more')], ['less', t('tiles.better.less')]], false)}`,
  goal: (shown) => html`${measure(shown, ['measure'])}
    ${number(shown, ['goal', 'value'], t('tiles.goal'), objectOf(shown.definition['goal'])['value'] ?? null, { exclusiveMinimum: 0 }, '', 'decimal')}
    ${choice(shown, ['goal', 'per'], t('tiles.per'), (['day', 'week', 'month', 'year'] as const).map((per) => [per, t(`tiles.per.${per}`)]), false, t('tiles.perHelp'))}`,
  chart(shown) {
    const groups = groupTexts(shown.desk.drafted, shown.entity).map(({ text, label }) => [text, label] as const)
    const chart = objectOf(shown.definition['chart'])
    return html`
      ${choice(shown, ['chart', 'type'], t('chart.form'), chartTypes.map((type) => [type, t(`chart.type.${type}`)]), true)}
      ${measure(shown, ['chart', 'measure'])}
      ${choice(shown, ['chart', 'by'], t('chart.by'), groups, true)}
      ${chart['type'] === 'donut' ? nothing : choice(shown, ['chart', 'series'], t('chart.series'), groups, false)}
      ${number(shown, ['chart', 'limit'], t('tiles.limit'), chart['limit'] ?? null, { minimum: 1, maximum: 100 })}`
  },
  pivot(shown) {
    const groups = groupTexts(shown.desk.drafted, shown.entity).map(({ text, label }) => [text, label] as const)
    return html`
      ${measure(shown, ['pivot', 'measure'])}
      ${choiceAt(shown, ['pivot', 'rows'], 0, t('pivot.rows'), groups, true)}
      ${choiceAt(shown, ['pivot', 'rows'], 1, t('pivot.then'), groups, false)}
      ${choiceAt(shown, ['pivot', 'columns'], 0, t('pivot.columns'), groups, false)}`
  },
  list(shown) {
    const list = objectOf(shown.definition['list'])
    const sorted = shown.paths.filter(({ field }) => field.sortable && !field.masked).flatMap(({ path, label }) => [[path, t('tiles.sortUp', { field: label })], [`-${path}`, t('tiles.sortDown', { field: label })]] as const)
    return html`
      ${entry(shown.desk.surroundings, {
        field: { ...choiceField('tile-columns', t('form.columns'), shown.paths.filter(({ field }) => !field.masked).map(({ path, label }) => [path, label]), true), type: 'multiSelect' }, value: listOf(list['columns']),
        change: (value) => JSON.stringify(value) !== JSON.stringify(list['columns']) && listOf(value).length > 0 && shown.set(['list', 'columns'], value),
      })}
      ${choice(shown, ['list', 'sort'], t('tiles.sort'), sorted, false)}
      ${number(shown, ['list', 'limit'], t('tiles.rows'), list['limit'] ?? null, { minimum: 1, maximum: 20 })}`
  },
  funnel(shown) {
    const steps = listOf(shown.definition['steps'])
    return html`<fieldset class="tile-steps"><legend>${t('tiles.steps')}</legend>
      ${steps.map((step, index) => html`<div class="tile-step">
        ${entry(shown.desk.surroundings, { field: shownField(`step-${String(index)}`, t('tiles.stepNumber', { number: index + 1 }), 'text', {}, true), value: textOf(objectOf(step)['title']), change: (text) => typeof text === 'string' && text !== '' && text !== objectOf(step)['title'] && shown.set(['steps', String(index), 'title'], text, true) })}
        ${conditionOf(shown, t('tiles.stepOnly'), ['steps', String(index), 'filter'], objectOf(step)['filter'])}
        ${steps.length < 3 ? nothing : html`<button type="button" class="plain" @click=${() => shown.set(['steps'], steps.toSpliced(index, 1))}>${icon('trash')}${t('tiles.removeStep')}</button>`}
      </div>`)}
      ${steps.length >= 10 ? nothing : html`<button type="button" class="plain accent" @click=${() => shown.set(['steps'], [...steps, { title: t('tiles.nextStep') }])}>${icon('plus')}${t('tiles.addStep')}</button>`}
    </fieldset>`
  },
}

const measure = (shown: Shown, keys: readonly string[]): TemplateResult => {
  const now = writeMeasure(measureOf(valueAt(shown.definition, keys)))
  return entry(shown.desk.surroundings, {
    field: choiceField(keys.join('-'), t('chart.measure'), measureTexts(shown.entity).map(({ text, label }) => [text, label]), true), value: now,
    change: (text) => typeof text === 'string' && text !== now && shown.set(keys, { ...readMeasure(text) }),
  })
}

const valueAt = (definition: JsonObject, keys: readonly string[]): Json | undefined => keys.reduce<Json | undefined>((part, key) => objectOf(part)[key], definition)

function choice(shown: Shown, keys: readonly string[], title: string, choices: readonly (readonly [string, string])[], required: boolean, help = ''): TemplateResult {
  const now = textOf(valueAt(shown.definition, keys))
  const known = now === '' || choices.some(([value]) => value === now) ? choices : [...choices, [now, now] as const]
  return entry(shown.desk.surroundings, {
    field: choiceField(keys.join('-'), title, known, required), value: now === '' ? null : now, help,
    change: (value) => (value ?? '') !== now && (value !== null || !required) && shown.set(keys, typeof value === 'string' && value !== '' ? value : undefined),
  })
}

/** One of few words that stand in a list; without those that nobody chose the list is shorter, or not there. */
function choiceAt(shown: Shown, keys: readonly string[], index: number, title: string, choices: readonly (readonly [string, string])[], required: boolean): TemplateResult {
  const all = listOf(valueAt(shown.definition, keys))
  const now = textOf(all[index])
  return entry(shown.desk.surroundings, {
    field: choiceField(`${keys.join('-')}-${String(index)}`, title, choices.filter(([value]) => value === now || !all.includes(value)), required), value: now === '' ? null : now,
    change(value) {
      if ((value ?? '') === now || (value === null && required)) return
      const next = typeof value === 'string' && value !== '' ? all.toSpliced(index, 1, value) : all.toSpliced(index, 1)
      shown.set(keys, next.length === 0 ? undefined : next)
    },
  })
}

const number = (shown: Shown, keys: readonly string[], title: string, value: Json, limits: JsonObject, help = '', type = 'integer'): TemplateResult =>
  entry(shown.desk.surroundings, { field: shownField(keys.join('-'), title, type, limits), value, help, change: (next) => next !== value && shown.set(keys, typeof next === 'number' ? next : undefined, true) })

/** Which records count, by the chips and the builder of lists. */
function conditionOf(shown: Shown, legend: string, keys: readonly string[], condition: Json | undefined): TemplateResult {
  const { desk, entity, set } = shown
  const build = async (): Promise<void> => {
    const builder = document.createElement('filter-builder')
    builder.context = { records: desk.client.records, model: desk.drafted, entity, surroundings: desk.surroundings, q: '', condition: isObject(condition) ? condition : undefined, title: legend, place: `${shown.name} ${shown.tile} ${keys.join(' ')}` }
    const done = await builder.open()
    if (done !== null) set(keys, done.condition)
  }
  return html`<fieldset class="row-group"><legend>${legend}</legend>
    <filter-bar buildable .model=${desk.drafted} .entity=${{ ...entity, searchable: false }} .condition=${isObject(condition) ? condition : undefined} .surroundings=${desk.surroundings}
      @build=${() => void build()} @condition=${(event: CustomEvent<JsonObject | undefined>) => set(keys, event.detail ?? undefined)}></filter-bar></fieldset>`
}

/** By which of its fields the page narrows the tile. */
function narrowing(shown: Shown): TemplateResult | typeof nothing {
  const { desk, name, entity, paths } = shown
  const page = objectOf(desk.design.draft.documents[dashboardDocument(name)])
  const filters = Object.entries(objectOf(page['filters']))
  return html`
    ${page['period'] === undefined ? nothing : choice(shown, ['period'], t('tiles.period'), momentsOf(desk.drafted, entity, paths), false, t('tiles.periodHelp'))}
    ${filters.map(([key, value]) => {
      const [source = '', ...rest] = textOf(objectOf(value)['field']).split('.')
      const from = desk.drafted.entities[source]
      const field = from === undefined ? undefined : fieldAt(desk.drafted, from, rest.join('.'))
      const alike = paths.filter((one) => field !== undefined && one.field.to === field.to && one.field.type === field.type)
      const own = field?.to === entity.name ? [['id', entity.title] as const] : []
      return choice(shown, ['filters', key], t('tiles.narrowedBy', { filter: textOf(objectOf(value)['title']) || (field?.title ?? key) }), [...own, ...alike.map(({ path, label }) => [path, label] as const)], false)
    })}`
}
