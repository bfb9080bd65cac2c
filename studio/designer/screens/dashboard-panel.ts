/** What a dashboard says of itself: its name, who has it, and what the whole page can be narrowed by. */
import { html, nothing, type TemplateResult } from 'lit'

import type { Json } from '../../../metadata/contract/json.js'
import { language, languageTitle, t } from '../../client/i18n.js'
import { fieldAt } from '../../client/model.js'
import { periodNames } from '../../dashboards/page-state.js'
import { pathChoices } from '../../lists/table/columns.js'
import { icon } from '../../ui/icon.js'
import { rolesOf } from '../access/grants.js'
import { dashboardDocument, removePageFilter } from '../commands/dashboards.js'
import { setTranslation } from '../commands/set-field.js'
import { setValue } from '../commands/set-value.js'
import type { Desk } from '../desk.js'
import { listOf, objectOf, suggestName, textLanguages, textOf, translated } from '../draft/definitions.js'
import { choiceField, entry, shownField } from '../entry.js'
import { momentsOf } from './tile-paths.js'

export interface DashboardPanel {
  readonly desk: Desk
  readonly name: string
  readonly remove: () => void
  /** Its title is written: the name goes along until it is published. */
  readonly follow: () => void
}

export function dashboardPanel({ desk, name, remove, follow }: DashboardPanel): TemplateResult {
  const { surroundings, perform, design: { draft: { documents } } } = desk
  const path = dashboardDocument(name)
  const document = documents[path] ?? {}
  const set = (keys: readonly string[], value: Json | undefined, joins = ''): void => perform((now) => setValue(now, [path, ...keys], value), joins)
  const roles = rolesOf(documents, language.value).filter(({ archived }) => !archived)
  return html`
    <header class="panel-head"><span class="tile">${icon('chart')}</span><h2 tabindex="-1">${t('tiles.page')}</h2></header>
    <div class="panel-fields" @focusout=${follow}>
      <p class="quiet">${t('tiles.pageHelp')}</p>
      ${entry(surroundings, { field: shownField('page-title', t('tiles.title'), 'text', {}, true), value: textOf(document['title']), change: (text) => typeof text === 'string' && text !== '' && text !== document['title'] && set(['title'], text, `${path}/title`) })}
      ${textLanguages(documents).map((tag) => entry(surroundings, {
        field: shownField(`page-title-${tag}`, t('designer.field.titleIn', { language: languageTitle(tag) }), 'text'), value: translated(documents, tag, path, '/title'),
        change: (text) => perform((now) => setTranslation(now, tag, path, '/title', typeof text === 'string' ? text : ''), `${tag}${path}`),
      }))}
      ${entry(surroundings, {
        field: { ...choiceField('page-roles', t('tiles.roles'), roles.map((role) => [role.name, role.title])), type: 'multiSelect' }, value: listOf(document['roles']), help: t('tiles.rolesHelp'),
        change: (value) => JSON.stringify(value ?? []) !== JSON.stringify(document['roles'] ?? []) && set(['roles'], listOf(value).length === 0 ? undefined : value),
      })}
      ${periodEntries(desk, document['period'], set)}
      ${filterEntries(desk, name, set)}
      <div class="panel-end"><vaadin-button theme="tertiary error" @click=${remove}>${icon('trash', 'prefix')}${t('tiles.removePage')}</vaadin-button></div>
    </div>`
}

type Set = (keys: readonly string[], value: Json | undefined) => void

/** The span of time that people choose at the top, and with whose newest day it ends. */
function periodEntries({ surroundings, drafted }: Desk, period: Json | undefined, set: Set): TemplateResult {
  const now = textOf(objectOf(period)['default'])
  const newest = textOf(objectOf(period)['newest'])
  const moments = Object.values(drafted.entities).flatMap((entity) => momentsOf(drafted, entity, pathChoices(drafted, entity).filter(({ path, field }) => !path.includes('.') && !field.system)).map(([path, label]) => [`${entity.name}.${path}`, `${entity.title} · ${label}`] as const))
  return html`
    ${entry(surroundings, {
      field: choiceField('page-period', t('tiles.pagePeriod'), periodNames.map((one) => [one, t(`dashboard.period.${one}`)])), value: now === '' ? null : now, help: t('tiles.pagePeriodHelp'),
      change: (value) => (value ?? '') !== now && (typeof value === 'string' && value !== '' ? set(['period', 'default'], value) : set(['period'], undefined)),
    })}
    ${now === '' ? nothing : entry(surroundings, { field: choiceField('page-newest', t('tiles.newest'), moments), value: newest === '' ? null : newest, help: t('tiles.newestHelp'), change: (value) => (value ?? '') !== newest && set(['period', 'newest'], typeof value === 'string' && value !== '' ? value : undefined) })}`
}

const filtersMax = 6

/** Fields whose values people choose from at the top; each tile says by which of its own fields it follows. */
function filterEntries({ surroundings, drafted, perform, design: { draft: { documents } } }: Desk, name: string, set: Set): TemplateResult {
  const document = documents[dashboardDocument(name)] ?? {}
  const filters = Object.entries(objectOf(document['filters']))
  const offered = Object.values(drafted.entities).flatMap((entity) => pathChoices(drafted, entity).filter(({ path, field }) => !path.includes('.') && !field.system && !field.masked && field.operators.includes('$eq')).map(({ path, label }) => [`${entity.name}.${path}`, `${entity.title} · ${label}`] as const))
  const add = (value: Json): void => {
    if (typeof value !== 'string' || value === '') return
    set(['filters', suggestName(value.split('.').at(-1) ?? '', 'filter', filters.map(([key]) => key))], { field: value })
  }
  return html`<fieldset class="row-group"><legend>${t('tiles.filters')}</legend>
    ${filters.map(([key, value]) => {
      const [source = '', ...rest] = textOf(objectOf(value)['field']).split('.')
      const entity = drafted.entities[source]
      const field = entity === undefined ? undefined : fieldAt(drafted, entity, rest.join('.'))
      const title = textOf(objectOf(value)['title']) || (field?.title ?? key)
      return html`<div class="page-filter"><span>${title}<small class="quiet">${entity?.title ?? source}</small></span><button type="button" class="plain icon-only" aria-label=${t('tiles.removeFilter', { filter: title })} @click=${() => perform((now) => removePageFilter(now, name, key))}>${icon('close')}</button></div>`
    })}
    ${filters.length >= filtersMax ? nothing : entry(surroundings, { field: choiceField(`page-filter-${String(filters.length)}`, t('tiles.addFilter'), offered), value: null, help: t('tiles.filtersHelp'), change: add })}
  </fieldset>`
}
