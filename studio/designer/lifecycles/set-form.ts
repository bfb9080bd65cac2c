/** What a state or a step of a lifecycle sets: fields with fixed values, moments from now on, or whoever does it. */
import { html, nothing, type TemplateResult } from 'lit'

import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { t } from '../../client/i18n.js'
import { viewOf } from '../../fields/index.js'
import { icon } from '../../ui/icon.js'
import { titleFrom, type EntityDefinition, type FieldDefinition } from '../draft/definitions.js'
import type { Desk } from '../desk.js'
import { entry, shownField } from '../entry.js'
import { literalField } from '../steps/literal.js'
import { writableFields } from '../steps/panel-context.js'

const ways = ['fixed', 'now', 'person', 'empty'] as const
type Way = (typeof ways)[number]

const wayOf = (value: Json): Way => (value === null ? 'empty' : typeof value === 'string' && value.startsWith('now') ? 'now' : typeof value === 'string' && value.startsWith('$user.') ? 'person' : 'fixed')
const starts: Readonly<Record<Way, Json>> = { fixed: '', now: 'now', person: '$user.id', empty: null }

/** Which ways fit a field: moments for days and times, people for references to them. */
function waysFor({ type, to }: FieldDefinition): readonly Way[] {
  const moment = viewOf(type).periods === true
  return ways.filter((way) => (way !== 'now' || moment) && (way !== 'person' || to === 'user'))
}

export function setForm(desk: Desk, entity: EntityDefinition, own: string, label: string, value: Json | undefined, error: (key: string) => string, change: (set: JsonObject | undefined) => void): TemplateResult {
  const set = isObject(value) ? value : {}
  const fields = writableFields(desk, entity).filter(({ key }) => key !== own)
  const free = fields.filter(({ key }) => !Object.hasOwn(set, key))
  const put = (key: string, next: Json): void => change({ ...set, [key]: next })
  const remove = (key: string): void => {
    const rest = Object.fromEntries(Object.entries(set).filter(([other]) => other !== key))
    change(Object.keys(rest).length === 0 ? undefined : rest)
  }
  return html`<fieldset class="row-group"><legend>${label}</legend>
    ${Object.entries(set).map(([key, given]) => {
      const field = fields.find((one) => one.key === key)
      const title = field?.title ?? titleFrom(key)
      return html`<div class="entry-row">
        <label class="plain-entry"><span>${title}</span><select class="plain-select" @change=${(event: Event) => put(key, starts[(event.target as HTMLSelectElement).value as Way])}>
          ${(field === undefined ? ways : waysFor(field)).map((way) => html`<option value=${way} ?selected=${way === wayOf(given)}>${t(`process.set.${way}`)}</option>`)}</select></label>
        <button type="button" class="plain icon-only" aria-label=${t('process.removeField', { field: title })} @click=${() => remove(key)}>${icon('close')}</button>
        ${given === null ? nothing : html`<div class="wide">${given === '$user.id' ? nothing : typeof given === 'string' && wayOf(given) !== 'fixed'
          ? entry(desk.surroundings, { field: shownField(key, t('process.set.offset'), 'text'), value: given, help: t('process.set.offsetHelp'), error: error(key), change: (next) => typeof next === 'string' && next !== given && put(key, next) })
          : entry(desk.surroundings, { field: { ...(field === undefined ? shownField(key, title, 'text') : literalField(field, entity.name)), title: t('process.value'), required: false }, value: given === '' ? null : given, error: error(key), change: (next) => JSON.stringify(next ?? '') !== JSON.stringify(given) && put(key, next ?? '') })}</div>`}
      </div>`
    })}
    ${free.length === 0 ? nothing : html`<select class="plain-select" aria-label=${t('process.addFieldTo', { what: label })} @change=${(event: Event) => {
      const select = event.target as HTMLSelectElement
      const field = free.find(({ key }) => key === select.value)
      select.value = ''
      if (field !== undefined) put(field.key, waysFor(field).includes('now') ? 'now' : waysFor(field).includes('person') ? '$user.id' : '')
    }}><option value="">${t('process.addField')}</option>${free.map(({ key, title }) => html`<option value=${key}>${title}</option>`)}</select>`}
  </fieldset>`
}
