/** What must stay so about a role, in sentences that the engine asks at every publish; a new one is put together from choices. */
import './grant-panel.css'
import './role-tests.css'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { JsonObject } from '../../../metadata/contract/json.js'
import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { addTest, removeTest } from '../commands/roles.js'
import { entitiesOf, objectOf, type EntityDefinition } from '../draft/definitions.js'
import type { Design } from '../draft/draft-store.js'
import type { Perform } from '../entities/field-panel.js'
import { foundInstead, problemText, testSentence, Titles } from '../words.js'
import { fieldActions, grantActions, type GrantAction, type RoleDefinition } from './grants.js'
import { actionTitle } from './strip.js'

const answers = ['no', 'masked', 'limited', 'yes'] as const
type Answer = (typeof answers)[number]

interface Draft {
  readonly entity: string
  readonly action: GrantAction
  readonly field: string
  readonly may: Answer
}

/** `<role-tests .design .subject .perform>` */
@customElement('role-tests')
export class RoleTests extends LightElement {
  static override properties = { design: { attribute: false }, subject: { attribute: false }, perform: { attribute: false }, draft: { state: true } }
  declare design: Design | undefined
  declare subject: RoleDefinition | undefined
  declare perform: Perform
  /** Null: none is being made. */
  declare draft: Draft | null

  constructor() {
    super()
    this.draft = null
    new Watch(this, language)
  }

  override render(): TemplateResult | typeof nothing {
    const { design, subject } = this
    if (design === undefined || subject === undefined) return nothing
    const entities = entitiesOf(design.draft.documents, design.types, language.value, design.inferred).filter(({ archived }) => !archived)
    const tests = Object.entries(objectOf(subject.document['tests'])).map(([name, test]) => [name, objectOf(test)] as const)
    return html`
      <section class="role-tests" aria-label=${t('access.tests')}>
        <h2>${t('access.tests')}</h2>
        <p class="quiet">${t('access.testsHelp')}</p>
        <ul class="test-lines">${tests.map(([name, test]) => this.#line(design, subject, name, test))}</ul>
        ${this.draft === null
          ? html`<button type="button" class="plain accent" @click=${() => (this.draft = { entity: entities[0]?.name ?? '', action: 'read', field: '', may: 'no' })}>${icon('plus')}${t('access.newTest')}</button>`
          : this.#editor(design, subject, entities, this.draft)}
      </section>
    `
  }

  #line(design: Design, subject: RoleDefinition, name: string, test: JsonObject): TemplateResult {
    const failing = design.problems.find(({ path }) => path === `${subject.path}#/tests/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    return html`<li class=${failing === undefined ? '' : 'wrong'}>
      ${icon(failing === undefined ? 'check' : 'warning')}
      <span>${testSentence(new Titles(design.draft.documents), subject.title, test)}${failing === undefined ? nothing : html`<small class="wrong">${failing.code === 'role.test' ? foundInstead(failing.message) : problemText(failing)}</small>`}</span>
      <button type="button" class="plain icon-only" aria-label=${t('access.removeTest')} title=${t('access.removeTest')} @click=${() => this.perform((documents) => removeTest(documents, subject.name, name))}>${icon('close')}</button>
    </li>`
  }

  #editor(design: Design, subject: RoleDefinition, entities: readonly EntityDefinition[], draft: Draft): TemplateResult {
    const fields = (entities.find(({ name }) => name === draft.entity)?.fields ?? []).filter(({ archived }) => !archived)
    const withField = fieldActions.some((action) => action === draft.action)
    const fitting = answers.filter((answer) => answer !== 'masked' || (draft.action === 'read' && draft.field !== ''))
    const set = (part: Partial<Draft>): void => {
      const next = { ...draft, ...part }
      const field = part.entity !== undefined || !fieldActions.some((action) => action === next.action) ? '' : next.field
      this.draft = { ...next, field, may: next.may === 'masked' && (next.action !== 'read' || field === '') ? 'no' : next.may }
    }
    return html`
      <div class="test-lines test-editor" role="group" aria-label=${t('access.newTest')}>
        <strong>${subject.title}</strong>
        ${select(t('access.test.may'), fitting.map((answer) => [answer, t(`access.may.${answer}`)] as const), draft.may, (value) => set({ may: answerOf(value) }))}
        ${select(t('access.test.action'), grantActions.map((action) => [action, actionTitle(action).toLocaleLowerCase(language.value)] as const), draft.action, (value) => set({ action: actionOf(value) }))}
        ${select(t('access.entity'), entities.map(({ name, plural }) => [name, plural] as const), draft.entity, (value) => set({ entity: value }))}
        ${withField ? select(t('access.field'), [['', t('access.test.whole')] as const, ...fields.map(({ key, title }) => [key, title] as const)], draft.field, (value) => set({ field: value })) : nothing}
        <button type="button" class="plain accent" @click=${() => this.#add(design, subject, draft)}>${t('access.addTest')}</button>
        <button type="button" class="plain" @click=${() => (this.draft = null)}>${t('cancel')}</button>
      </div>
    `
  }

  #add(design: Design, subject: RoleDefinition, draft: Draft): void {
    const { field, ...rest } = draft
    this.perform((documents) => addTest(documents, subject.name, testSentence(new Titles(design.draft.documents), subject.title, { ...draft }), field === '' ? rest : { ...rest, field }))
    this.draft = null
  }
}

const select = (label: string, choices: readonly (readonly [value: string, title: string])[], value: string, change: (value: string) => void): TemplateResult => html`
  <select aria-label=${label} @change=${(event: Event) => event.target instanceof HTMLSelectElement && change(event.target.value)}>${choices.map(([one, title]) => html`<option value=${one} ?selected=${one === value}>${title}</option>`)}</select>`

const actionOf = (value: unknown): GrantAction => grantActions.find((action) => action === value) ?? 'read'
const answerOf = (value: unknown): Answer => answers.find((answer) => answer === value) ?? 'no'

declare global {
  interface HTMLElementTagNameMap {
    'role-tests': RoleTests
  }
}
