/** A new role: what it is called, and what it begins with. */
import '@vaadin/button'

import { html, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { languageTitle, t } from '../../client/i18n.js'
import type { Surroundings } from '../../fields/contract.js'
import { icon } from '../../ui/icon.js'
import { Modal } from '../../ui/modal.js'
import type { NewRole } from '../commands/roles.js'
import { isName, suggestName } from '../draft/definitions.js'
import { choiceField, entry, shownField } from '../entry.js'
import type { RoleDefinition } from './grants.js'

@customElement('role-dialog')
export class RoleDialog extends Modal<NewRole> {
  static override properties = { surroundings: { attribute: false }, roles: { attribute: false }, tags: { attribute: false }, draft: { state: true }, tried: { state: true } }
  declare surroundings: Surroundings
  /** Those that are there: their names are taken, and one may be copied. */
  declare roles: readonly RoleDefinition[]
  declare tags: readonly string[]
  declare draft: NewRole
  declare tried: boolean
  #nameTyped = false

  constructor() {
    super()
    this.roles = []
    this.tags = []
    this.draft = { name: '', title: '', description: '', inherits: [], like: '', titles: {} }
    this.tried = false
  }

  protected override get label(): string {
    return t('access.newRole')
  }

  protected override content(): TemplateResult {
    const { draft: role } = this
    const active = this.roles.filter(({ archived }) => !archived)
    return html`
      <header class="dialog-head"><h2>${this.label}</h2><button type="button" class="plain icon-only" aria-label=${t('close')} @click=${() => void this.leave()}>${icon('close')}</button></header>
      <div class="dialog-body panel-fields">
        ${this.#text('title', t('access.role.title'), role.title, (title) => this.#titled(title), this.tried && role.title.trim() === '' ? t('check.required') : '', true)}
        ${this.tags.map((tag) => this.#text(`title-${tag}`, t('designer.field.titleIn', { language: languageTitle(tag) }), role.titles[tag] ?? '', (title) => this.#set({ titles: { ...this.draft.titles, [tag]: title } })))}
        ${this.#text('name', t('access.role.name'), role.name, (name) => {
          this.#nameTyped = true
          this.#set({ name })
        }, this.#nameError())}
        ${this.#text('description', t('designer.field.description'), role.description, (description) => this.#set({ description }))}
        ${entry(this.surroundings, {
          field: choiceField('like', t('access.role.like'), active.map(({ name, title }) => [name, title] as const)), value: role.like === '' ? null : role.like, help: t('access.role.likeHelp'),
          change: (value) => this.#set({ like: typeof value === 'string' ? value : '' }),
        })}
      </div>
      <footer class="dialog-foot">
        <vaadin-button theme="tertiary" @click=${() => this.close(null)}>${t('cancel')}</vaadin-button>
        <vaadin-button theme="primary" @click=${() => this.#done()}>${t('access.createRole')}</vaadin-button>
      </footer>
    `
  }

  #text(key: string, label: string, value: string, change: (text: string) => void, error = '', first = false): TemplateResult {
    return entry(this.surroundings, {
      field: shownField(key, label, 'text', {}, key === 'title' || key === 'name'), value, error, autofocus: first,
      change: (typed) => {
        const text = typeof typed === 'string' ? typed : ''
        // An input also tells of the value that it was just given.
        if (text !== value) change(text)
      },
    })
  }

  #set(part: Partial<NewRole>): void {
    this.draft = { ...this.draft, ...part }
  }

  #titled(title: string): void {
    this.#set({ title, ...(this.#nameTyped ? {} : { name: title.trim() === '' ? '' : suggestName(title, 'role', this.roles.map(({ name }) => name)) }) })
  }

  #nameError(): string {
    const { name } = this.draft
    if (name === '') return this.tried ? t('check.required') : ''
    if (!isName(name)) return t('designer.nameGrammar')
    return this.roles.some((role) => role.name.toLowerCase() === name.toLowerCase()) ? t('designer.nameTaken') : ''
  }

  protected override entered(): void {
    this.#done()
  }

  #done(): void {
    this.tried = true
    if (this.draft.title.trim() !== '' && this.draft.name !== '' && this.#nameError() === '') this.close({ ...this.draft, title: this.draft.title.trim(), description: this.draft.description.trim() })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'role-dialog': RoleDialog
  }
}
