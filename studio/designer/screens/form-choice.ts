/** Which forms an entity has and who gets which: the row above the designer, and what is said of the open form. */
import { html, nothing, type TemplateResult } from 'lit'

import type { Json } from '../../../metadata/contract/json.js'
import { language, languageTitle, t } from '../../client/i18n.js'
import type { Surroundings } from '../../fields/contract.js'
import { formDesignPath } from '../../shell/routes.js'
import { icon } from '../../ui/icon.js'
import { rolesOf } from '../access/grants.js'
import { formsOf, isForRoles, usualForm, type FormDraft } from '../commands/forms.js'
import { setTranslation } from '../commands/set-field.js'
import { setValue } from '../commands/set-value.js'
import { listOf, textLanguages, textOf, translated } from '../draft/definitions.js'
import type { Documents } from '../draft/operations.js'
import { entry, shownField } from '../entry.js'
import type { Perform } from '../entities/field-panel.js'

export interface FormChoice {
  readonly documents: Documents
  readonly entity: string
  /** Name of the form that is open. */
  readonly form: string
  readonly surroundings: Surroundings
  readonly perform: Perform
  readonly add: () => void
  readonly copy: () => void
  readonly move: (by: -1 | 1) => void
  readonly remove: () => void
}

export const titleOf = ({ name, title }: FormDraft): string => title || (name === usualForm ? t('forms.usual') : name)

/** The forms in the order in which they are looked through; the usual one stands there too while it is made from the fields. */
const all = ({ documents, entity }: FormChoice): readonly FormDraft[] => {
  const forms = formsOf(documents, entity, language.value)
  return forms.some(({ name }) => name === usualForm) ? forms : [...forms, { name: usualForm, path: '', title: '', roles: [], address: '' }]
}

const rolesIn = (documents: Documents): ReturnType<typeof rolesOf> => rolesOf(documents, language.value).filter(({ archived }) => !archived)

function whose({ documents }: FormChoice, { name, roles, address }: FormDraft): string {
  if (address !== '') return t('forms.public', { address: `/forms/${address}` })
  const known = rolesIn(documents)
  if (roles.length > 0) return roles.map((role) => known.find((one) => one.name === role)?.title ?? role).join(', ')
  return t(name === usualForm ? 'forms.everybodyElse' : 'forms.nobody')
}

export function formRow(choice: FormChoice): TemplateResult {
  return html`
    <nav class="form-choice" aria-label=${t('forms.title')}>
      <ol>${all(choice).map((form) => html`<li><a href=${formDesignPath(choice.entity, null, form.name)} aria-current=${form.name === choice.form ? 'page' : nothing}><strong>${titleOf(form)}</strong><small>${whose(choice, form)}</small></a></li>`)}</ol>
      <button type="button" class="plain accent" @click=${choice.add}>${icon('plus')}<span>${t('forms.add')}</span></button>
    </nav>`
}

/** About the open form itself. */
export function formSettings(choice: FormChoice): TemplateResult | typeof nothing {
  const forms = all(choice)
  const form = forms.find(({ name }) => name === choice.form)
  if (form === undefined) return nothing
  const isUsual = form.name === usualForm
  return html`
    <header class="panel-head"><span class="tile">${icon('panel')}</span><h2 tabindex="-1">${titleOf(form)}</h2></header>
    <div class="panel-fields">
      ${isUsual ? html`<p class="note">${icon('help')}<span>${t('forms.usualHelp')}</span></p>` : html`${namesOf(choice, form)}${form.address === '' ? rolesEntry(choice, form) : html`<p class="note">${icon('help')}<span>${t('forms.publicHelp', { address: `/forms/${form.address}` })}</span></p>`}`}
      ${isForRoles(form) ? movesOf(choice, forms.filter(isForRoles).indexOf(form), forms.filter(isForRoles).length) : nothing}
      <div class="form-acts">
        <button type="button" class="plain" @click=${choice.copy}>${icon('copy')}<span>${t('forms.copy')}</span></button>
        ${form.path === '' ? nothing : html`<button type="button" class="plain" @click=${choice.remove}>${icon('trash')}<span>${t(isUsual ? 'forms.reset' : 'forms.remove')}</span></button>`}
      </div>
      <p class="quiet">${t('form.chooseText')}</p>
    </div>`
}

function namesOf({ documents, surroundings, perform }: FormChoice, { path, name }: FormDraft): TemplateResult {
  return html`
    ${entry(surroundings, { field: shownField('form-name', t('forms.name'), 'text', {}, true), value: textOf(documents[path]?.['title']) || name, change: (text) => { if (typeof text === 'string' && text !== '') perform((now) => setValue(now, [path, 'title'], text), `form:${path}`) } })}
    ${textLanguages(documents).map((tag) => entry(surroundings, {
      field: shownField(`form-name-${tag}`, t('view.nameIn', { language: languageTitle(tag) }), 'text'), value: translated(documents, tag, path, '/title'),
      change: (text) => perform((now) => setTranslation(now, tag, path, '/title', typeof text === 'string' ? text : ''), `form:${tag}:${path}`),
    }))}`
}

const rolesEntry = ({ documents, surroundings, perform }: FormChoice, { path, roles }: FormDraft): TemplateResult => rolesField({
  documents, surroundings, name: 'form-roles', title: t('forms.roles'), help: t(roles.length === 0 ? 'forms.rolesNone' : 'forms.rolesHelp'), value: documents[path]?.['roles'],
  change: (next) => perform((now) => setValue(now, [path, 'roles'], next)),
})

/** For whom something is: names of roles, undefined for no choice. */
export function rolesField({ documents, surroundings, name, title, help, value, change }: {
  readonly documents: Documents, readonly surroundings: Surroundings, readonly name: string, readonly title: string, readonly help: string, readonly value: Json | undefined, readonly change: (roles: readonly Json[] | undefined) => void
}): TemplateResult {
  const known = rolesIn(documents)
  return entry(surroundings, {
    field: shownField(name, title, 'multiSelect', { enum: known.map((role) => role.name), options: Object.fromEntries(known.map((role) => [role.name, { title: role.title }])) }), value: listOf(value), help,
    change: (next) => { if (JSON.stringify(next ?? []) !== JSON.stringify(listOf(value))) change(listOf(next).length === 0 ? undefined : listOf(next)) },
  })
}

const movesOf = ({ move }: FormChoice, index: number, count: number): TemplateResult => html`<div class="form-acts">
  <button type="button" class="plain" ?disabled=${index === 0} @click=${() => move(-1)}>${icon('arrowLeft')}<span>${t('forms.earlier')}</span></button>
  <button type="button" class="plain" ?disabled=${index === count - 1} @click=${() => move(1)}>${icon('arrowRight')}<span>${t('forms.later')}</span></button></div>`
