/** Parameters that may be several: a text in each language, a list of receivers. One by itself is written as one. */
import './value-editor.js'

import { html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'

import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import type { UiField } from '../../../metadata/contract/ui-model.js'
import { languageTitle, t } from '../../client/i18n.js'
import { icon } from '../../ui/icon.js'
import { inLanguages } from './several.js'
import { textLanguages, textOf } from '../draft/definitions.js'
import type { Source } from '../workflows/sources.js'
import type { PanelContext } from './panel-context.js'

export interface SeveralForm {
  readonly context: PanelContext
  readonly key: string
  readonly field: UiField
  readonly help: string
  readonly error: string
  readonly sources: readonly Source[]
}

/** The input of one value, or of one of several. */
export const valueInput = ({ context, sources, error }: SeveralForm, field: UiField, value: Json | undefined, help: string, change: (value: Json | undefined) => void): TemplateResult =>
  html`<value-editor .surroundings=${context.surroundings} .field=${field} .value=${value === '' ? undefined : value} .sources=${sources} .functions=${context.desk.design.published.functions} .help=${help} .error=${error}
    @value=${(event: CustomEvent<Json | undefined>) => change(event.detail)}></value-editor>`

const removal = (label: string, remove: () => void): TemplateResult => html`<button type="button" class="plain icon-only" aria-label=${t('process.removeField', { field: label })} @click=${remove}>${icon('close')}</button>`

/** Languages that a text may be given in: that of the definitions, and those that have texts. */
export function languagesOf({ wording: { documents } }: PanelContext): readonly string[] {
  return [...new Set([textOf(documents['layer.json']?.['language']) || 'en', ...textLanguages(documents)])]
}

/** One text for each language. */
export function languagesForm(form: SeveralForm, texts: JsonObject): TemplateResult {
  const { context, key, field, help } = form
  const tags = Object.keys(texts)
  const free = languagesOf(context).filter((tag) => !tags.includes(tag))
  const set = (next: JsonObject): void => context.set(['with', key], next)
  // The last language that is left is a text by itself again.
  const remove = (tag: string): void => {
    const { [tag]: _gone, ...left } = texts
    const [only = '', ...more] = Object.values(left)
    context.set(['with', key], more.length === 0 ? only : left)
  }
  return html`<fieldset class="row-group"><legend>${field.title}</legend>
    ${repeat(tags, (tag) => tag, (tag) => html`<div class="entry-row">
      ${valueInput(form, { ...field, key: `${key}-${tag}`, title: `${field.title} · ${languageTitle(tag)}` }, texts[tag], '', (value) => set({ ...texts, [tag]: value ?? '' }))}
      ${removal(languageTitle(tag), () => remove(tag))}</div>`)}
    ${free.length === 0 ? nothing : html`<div>${free.map((tag) => html`<button type="button" class="plain accent" @click=${() => set({ ...texts, [tag]: '' })}>${icon('plus')}${languageTitle(tag)}</button>`)}</div>`}
    ${help === '' ? nothing : html`<small class="quiet">${help}</small>`}</fieldset>`
}

/** One value after the other. */
export function listForm(form: SeveralForm, values: readonly Json[]): TemplateResult {
  const { context, key, field, help } = form
  const set = (next: readonly Json[]): void => context.set(['with', key], next.length > 1 ? next : (next[0] ?? ''))
  const title = (index: number): string => `${field.title} ${String(index + 1)}`
  return html`<fieldset class="row-group"><legend>${field.title}</legend>
    ${repeat(values, (_, index) => `${String(values.length)} ${String(index)}`, (value, index) => html`<div class="entry-row">
      ${valueInput(form, { ...field, key: `${key}-${String(index)}`, title: title(index) }, value, '', (next) => set(values.with(index, next ?? '')))}
      ${removal(title(index), () => set(values.toSpliced(index, 1)))}</div>`)}
    <div><button type="button" class="plain accent" @click=${() => set([...values, ''])}>${icon('plus')}${t('process.anotherValue')}</button></div>
    ${help === '' ? nothing : html`<small class="quiet">${help}</small>`}</fieldset>`
}

/** Below a value that is one: makes it several. */
export const oneMore = ({ context, key }: SeveralForm, value: Json | undefined): TemplateResult | typeof nothing =>
  value === undefined || value === '' ? nothing : html`<button type="button" class="plain accent" @click=${() => context.set(['with', key], [value, ''])}>${icon('plus')}${t('process.anotherValue')}</button>`

/** Below a text that is one: gives it in several languages. */
export function moreLanguages({ context, key }: SeveralForm, text: Json | undefined): TemplateResult | typeof nothing {
  const languages = languagesOf(context)
  return languages.length < 2 ? nothing : html`<button type="button" class="plain accent" @click=${() => context.set(['with', key], inLanguages(languages, text))}>${icon('globe')}${t('process.inLanguages')}</button>`
}
