/** Field → value of a record, one row each. */
import './value-editor.js'

import { html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'

import type { Json } from '../../../metadata/contract/json.js'
import { t } from '../../client/i18n.js'
import { icon } from '../../ui/icon.js'
import { objectOf, titleFrom, type EntityDefinition } from '../draft/definitions.js'
import { shownField } from '../entry.js'
import { literalField } from './literal.js'
import { writableFields, type PanelContext } from './panel-context.js'

/** @param member where the object stands in the step */
export function valuesForm(context: PanelContext, member: readonly string[], label: string, entity: EntityDefinition): TemplateResult {
  const { step, desk, set, surroundings, sources, error } = context
  const values = objectOf(member.reduce<Json | undefined>((part, key) => objectOf(part)[key], step.task))
  const fields = writableFields(desk, entity)
  const free = fields.filter(({ key }) => !Object.hasOwn(values, key))
  const missing = fields.filter(({ required, key, property }) => required && property['default'] === undefined && !Object.hasOwn(values, key))
  const put = (key: string, value: Json | undefined): void => set([...member, key], value ?? null)
  const remove = (key: string): void => set(member, Object.fromEntries(Object.entries(values).filter(([other]) => other !== key)))
  return html`
    <fieldset class="row-group"><legend>${label}</legend>
      ${repeat(Object.entries(values), ([key]) => `${entity.name} ${key}`, ([key, value]) => {
        const field = fields.find((one) => one.key === key)
        const title = field?.title ?? titleFrom(key)
        return html`<div class="entry-row">
          ${typeof value === 'object' && value !== null
            ? html`<json-text .label=${title} .value=${value} .error=${error(`/${member.join('/')}/${key}`)} @value=${(event: CustomEvent<Json | undefined>) => put(key, event.detail)}></json-text>`
            : html`<value-editor .surroundings=${surroundings} .field=${field === undefined ? shownField(key, title, 'text') : { ...literalField(field, entity.name), required: false }} .value=${value ?? undefined} .sources=${sources}
                .functions=${desk.design.published.functions} .error=${error(`/${member.join('/')}/${key}`)} @value=${(event: CustomEvent<Json | undefined>) => put(key, event.detail)}></value-editor>`}
          <button type="button" class="plain icon-only" aria-label=${t('process.removeField', { field: title })} @click=${() => remove(key)}>${icon('close')}</button>
        </div>`
      })}
      ${free.length === 0 ? nothing : html`<select class="plain-select" aria-label=${t('process.addField')} @change=${(event: Event) => {
        const select = event.target as HTMLSelectElement
        if (select.value !== '') put(select.value, undefined)
        select.value = ''
      }}><option value="">${t('process.addField')}</option>${free.map(({ key, title, required }) => html`<option value=${key}>${title}${required ? ' *' : ''}</option>`)}</select>`}
      ${missing.length === 0 || member.join() !== 'with,values' || step.task['call'] !== 'crm.create' ? nothing : html`<small class="quiet">${t('process.stillNeeded', { fields: missing.map(({ title }) => title).join(', ') })}</small>`}
    </fieldset>
  `
}
