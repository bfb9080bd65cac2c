/** Everything about the chosen element of a form: what it is called, how it is shown, when, and where it stands. */
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'

import type { Json } from '../../../metadata/contract/json.js'
import type { UiEntity, UiModel } from '../../../metadata/contract/ui-model.js'
import { languageTitle, t } from '../../client/i18n.js'
import type { Surroundings } from '../../fields/contract.js'
import { textPath } from '../../shell/routes.js'
import { icon } from '../../ui/icon.js'
import { listOf, objectOf, textOf } from '../draft/definitions.js'
import { choiceField, entry, shownField } from '../entry.js'
import * as edits from './form-edits.js'
import { fieldOf, nodeAt, placesIn, typeOf, type FormNode, type Place } from './form-tree.js'
import { ruleEditor } from './rule-editor.js'
import { partIcon, partTitle } from './form-words.js'

export interface FormPanel {
  readonly form: FormNode
  readonly place: Place
  readonly entity: UiEntity
  readonly model: UiModel
  readonly surroundings: Surroundings
  /** Document of the form. */
  readonly path: string
  readonly tags: readonly string[]
  readonly language: string
  /** @param name as of `Perform`; @param then where the element stands after it */
  readonly edit: (edit: (form: FormNode) => FormNode, name?: string) => void
  readonly choose: (place: Place | null) => void
}

export function formPanel(panel: FormPanel): TemplateResult | typeof nothing {
  const { form, place, entity, path, surroundings } = panel
  const node = nodeAt(form, place)
  if (node === null) return nothing
  const at = `/elements/${place.join('/elements/')}`
  return html`
    <header class="panel-head"><span class="tile">${icon(partIcon(node, entity))}</span><h2 tabindex="-1">${partTitle(node, entity, panel.language)}</h2>
      <button type="button" class="plain icon-only" aria-label=${t('close')} @click=${() => panel.choose(null)}>${icon('close')}</button></header>
    <div class="panel-fields">
      ${movesOf(panel, node)}
      ${textsOf(panel, node)}
      ${typeOf(node) === 'RelatedList' ? columnsOf(panel, node) : nothing}
      ${ruleEditor({ entity, surroundings, rule: node.own['rule'] === undefined ? undefined : objectOf(node.own['rule']), address: textPath(path, at), change: (rule) => panel.edit((current) => edits.set(current, place, 'rule', rule)) })}
      <p class="quiet">${t('form.otherOptions')} <a href=${textPath(path, at)}>${t('form.asText')}</a></p>
    </div>
  `
}

/** The same by keyboard as by hand. */
function movesOf(panel: FormPanel, node: FormNode): TemplateResult {
  const { form, place, entity, language } = panel
  const parent = nodeAt(form, place.slice(0, -1))
  const inRow = parent !== null && typeOf(parent) === 'HorizontalLayout'
  const tab = typeOf(node) === 'Category'
  const followed = (change: (form: FormNode) => FormNode): void => {
    const after = edits.placeAfter(form, place, change)
    panel.edit(change)
    panel.choose(after)
  }
  const holders = [{ node: form, place: [] as Place }, ...placesIn(form)].filter((one) => edits.canHold(one.node, node) && typeOf(one.node) !== 'HorizontalLayout' && !place.every((index, depth) => one.place[depth] === index))
  return html`
    <div class="form-moves" role="group" aria-label=${t('form.moves')}>
      <button type="button" class="plain" @click=${() => followed((current) => edits.step(current, place, -1))}>${icon('arrowUp')}${t('form.earlier')}</button>
      <button type="button" class="plain" @click=${() => followed((current) => edits.step(current, place, 1))}>${icon('arrowDown')}${t('form.later')}</button>
      ${tab ? nothing : html`<button type="button" class="plain" @click=${() => followed((current) => edits.pair(current, place))}>${icon('columns')}${t(inRow ? 'form.ownLine' : 'form.sameLine')}</button>`}
      <button type="button" class="plain" @click=${() => { panel.edit((current) => edits.remove(current, place)); panel.choose(null) }}>${icon('trash')}${t('form.remove')}</button>
    </div>
    ${tab || holders.length < 2 ? nothing : entry(panel.surroundings, {
      field: choiceField('form-in', t('form.standsIn'), holders.map((one) => [one.place.join('/'), one.place.length === 0 ? t('form.whole') : partTitle(one.node, entity, language)]), true),
      value: (inRow ? place.slice(0, -2) : place.slice(0, -1)).join('/'),
      change: (value) => {
        const into = typeof value === 'string' ? value.split('/').filter((part) => part !== '').map(Number) : null
        if (into !== null && value !== (inRow ? place.slice(0, -2) : place.slice(0, -1)).join('/')) followed((current) => edits.move(current, place, { into, index: Number.MAX_SAFE_INTEGER }))
      },
    })}
  `
}

/** Headings and texts, in the pack's own language and in the others. */
function textsOf({ place, edit, surroundings, tags }: FormPanel, node: FormNode): TemplateResult | typeof nothing {
  const type = typeOf(node)
  const key = type === 'Label' ? 'text' : 'label'
  if (type === 'HorizontalLayout' || type === 'VerticalLayout' || type === 'Categorization') return nothing
  const hidden = node.own['label'] === false
  const text = (title: string, name: string, value: string, change: (text: string) => void, help = ''): TemplateResult =>
    entry(surroundings, { field: shownField(name, title, key === 'text' ? 'longText' : 'text'), value, help, change: (typed) => change(typeof typed === 'string' ? typed : '') })
  return html`
    ${type !== 'Control' ? nothing : html`<label class="tick"><input type="checkbox" .checked=${hidden} @change=${(event: Event) => edit((current) => edits.set(current, place, 'label', (event.target as HTMLInputElement).checked ? false : undefined))} />${t('form.hideLabel')}</label>`}
    ${hidden ? nothing : html`
      ${text(t(key === 'text' ? 'form.text' : 'form.heading'), 'form-label', textOf(node.own[key]), (value) => edit((current) => edits.set(current, place, key, value === '' ? undefined : value), `form:${place.join('/')}`), type === 'Control' || type === 'RelatedList' ? t('form.headingHelp') : '')}
      ${textOf(node.own[key]) === '' ? nothing : tags.map((tag) => text(t('form.headingIn', { language: languageTitle(tag) }), `form-label-${tag}`, node.texts[tag]?.[`/${key}`] ?? '', (value) => edit((current) => edits.translate(current, place, tag, `/${key}`, value), `form:${tag}:${place.join('/')}`)))}`}
  `
}

function columnsOf({ place, edit, surroundings, entity, model }: FormPanel, node: FormNode): TemplateResult | typeof nothing {
  const options = objectOf(node.own['options'])
  const relation = entity.relations.find(({ name }) => name === options['relation'])
  const target = relation === undefined ? undefined : model.entities[relation.entity]
  if (target === undefined) return nothing
  const columns = listOf(options['columns']).flatMap((column) => (typeof column === 'string' ? [column] : []))
  const choices = [...target.fields.filter(({ system }) => !system).map(({ key, title }) => [key, title] as const), ...columns.filter((column) => !target.fields.some(({ key }) => key === column)).map((column) => [column, column] as const)]
  return entry(surroundings, {
    field: { ...choiceField('form-columns', t('form.columns'), choices), type: 'multiSelect' }, value: columns, help: t('form.columnsHelp'),
    change: (value: Json) => {
      const next = Array.isArray(value) ? (value as readonly Json[]) : []
      // The order of what stays is kept; what comes stands at the end.
      const ordered = [...columns.filter((column) => next.includes(column)), ...next.filter((column) => typeof column === 'string' && !columns.includes(column))]
      const { columns: _old, ...rest } = options
      edit((current) => edits.set(current, place, 'options', ordered.length === 0 ? rest : { ...rest, columns: ordered }))
    },
  })
}

/** Fields of the entity that the form does not show. */
export const missingFields = (form: FormNode, entity: UiEntity): readonly UiEntity['fields'][number][] => {
  const shown = new Set(placesIn(form).map(({ node }) => fieldOf(node)))
  return entity.fields.filter(({ key, system }) => !system && !shown.has(key))
}

/** Relations of the entity that the form does not list. */
export const missingRelations = (form: FormNode, entity: UiEntity): UiEntity['relations'] => {
  const shown = new Set(placesIn(form).map(({ node }) => objectOf(node.own['options'])['relation']))
  return entity.relations.filter(({ name }) => !shown.has(name))
}
