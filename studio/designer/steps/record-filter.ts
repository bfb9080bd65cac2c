/** Which records are looked for: comparisons that all hold, whose values may come from the run. Anything else stays as it is written. */
import './value-editor.js'

import { html, nothing, type TemplateResult } from 'lit'

import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { t } from '../../client/i18n.js'
import { icon } from '../../ui/icon.js'
import { objectOf, titleFrom, type EntityDefinition } from '../draft/definitions.js'
import { shownField } from '../entry.js'
import { jsonPart } from './json-part.js'
import { literalField } from './literal.js'
import { openFields, type PanelContext } from './panel-context.js'

const operators = ['$eq', '$ne', '$gt', '$gte', '$lt', '$lte'] as const
type Operator = (typeof operators)[number]

interface Row {
  readonly key: string
  readonly operator: Operator
  readonly value: Json
}

/** Null when the condition says more than rows can. */
export function rowsOf(filter: JsonObject): readonly Row[] | null {
  const rows: Row[] = []
  for (const [key, test] of Object.entries(filter)) {
    if (key.startsWith('$') || Array.isArray(test)) return null
    const entries = isObject(test) ? Object.entries(test) : [['$eq', test] as const]
    const [[name, value] = ['', null]] = entries
    const operator = operators.find((one) => one === name)
    if (entries.length !== 1 || operator === undefined || isObject(value) || Array.isArray(value)) return null
    rows.push({ key, operator, value })
  }
  return rows
}

export const filterOf = (rows: readonly Row[]): JsonObject => Object.fromEntries(rows.map(({ key, operator, value }) => [key, operator === '$eq' ? value : { [operator]: value }]))

export function recordFilter(context: PanelContext, member: readonly string[], label: string, entity: EntityDefinition): TemplateResult {
  const { step, set, surroundings, sources, error, desk } = context
  const filter = objectOf(member.reduce<Json | undefined>((part, key) => objectOf(part)[key], step.task))
  const rows = rowsOf(filter)
  if (rows === null) return jsonPart(context, label, member)
  const tell = (next: readonly Row[]): void => set(member, next.length === 0 ? undefined : filterOf(next))
  const fields = openFields(entity)
  const free = fields.filter(({ key }) => rows.every((row) => row.key !== key))
  const at = error(`/${member.join('/')}`)
  return html`
    <fieldset class="row-group"><legend>${label}</legend>
      ${rows.map((row, index) => {
        const field = fields.find(({ key }) => key === row.key)
        const title = field?.title ?? titleFrom(row.key)
        return html`<div class="entry-row">
          <select class="plain-select" aria-label=${t('process.howComparedOf', { field: title })} @change=${(event: Event) => tell(rows.with(index, { ...row, operator: (event.target as HTMLSelectElement).value as Operator }))}>
            ${operators.map((one) => html`<option value=${one} ?selected=${one === row.operator}>${t(`process.compares.${one.slice(1) as 'eq'}`, { field: title })}</option>`)}</select>
          <button type="button" class="plain icon-only" aria-label=${t('process.removeCondition', { name: title })} @click=${() => tell(rows.toSpliced(index, 1))}>${icon('close')}</button>
          <value-editor class="wide" compares .surroundings=${surroundings} .field=${field === undefined ? shownField(row.key, title, 'text') : { ...literalField(field, entity.name), required: false }} .value=${row.value ?? undefined} .sources=${sources}
            .functions=${desk.design.published.functions} @value=${(event: CustomEvent<Json | undefined>) => tell(rows.with(index, { ...row, value: event.detail ?? null }))}></value-editor>
        </div>`
      })}
      <select class="plain-select" aria-label=${t('process.addCondition')} @change=${(event: Event) => {
        const select = event.target as HTMLSelectElement
        if (select.value !== '') tell([...rows, { key: select.value, operator: '$eq', value: null }])
        select.value = ''
      }}><option value="">${t('process.addCondition')}</option>${free.map(({ key, title }) => html`<option value=${key}>${title}</option>`)}</select>
      ${at === '' ? nothing : html`<p class="wrong" role="alert">${at}</p>`}
    </fieldset>
  `
}
