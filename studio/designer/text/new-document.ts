/** Where a new definition is to stand: its kind, the entity it belongs to, its name. */
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { parsePath, type DocumentKind } from '../../../metadata/contract/document-path.js'
import { t } from '../../client/i18n.js'
import type { Surroundings } from '../../fields/contract.js'
import { icon } from '../../ui/icon.js'
import { Modal } from '../../ui/modal.js'
import { isName, type EntityDefinition } from '../draft/definitions.js'
import { choiceField, entry, shownField } from '../entry.js'
import type { Documents } from '../draft/operations.js'
import { kindTitle } from './document-list.js'

/** Where a definition of each kind stands; kinds with `entity` belong to one. */
const places: Readonly<Partial<Record<DocumentKind, { readonly entity?: true; readonly named?: true; readonly path: (entity: string, name: string) => string }>>> = {
  form: { entity: true, named: true, path: (entity, name) => `${entity}/form.${name}.json` },
  view: { entity: true, named: true, path: (entity, name) => `${entity}/view.${name}.json` },
  lifecycle: { entity: true, path: (entity) => `${entity}/lifecycle.json` },
  entity: { named: true, path: (_entity, name) => `${name}/entity.json` },
  role: { named: true, path: (_entity, name) => `roles/${name}.json` },
  workflow: { named: true, path: (_entity, name) => `workflows/${name}.json` },
  dashboard: { named: true, path: (_entity, name) => `dashboards/${name}.json` },
  segment: { named: true, path: (_entity, name) => `segments/${name}.json` },
  calendar: { named: true, path: (_entity, name) => `calendars/${name}.json` },
  texts: { named: true, path: (_entity, name) => `texts/${name}.json` },
}

/** Resolves with the path. */
@customElement('new-document')
export class NewDocument extends Modal<string> {
  static override properties = { surroundings: { attribute: false }, entities: { attribute: false }, documents: { attribute: false }, kindOf: { state: true }, entity: { state: true }, name: { state: true } }
  declare surroundings: Surroundings
  declare entities: readonly EntityDefinition[]
  declare documents: Documents
  declare kindOf: DocumentKind
  declare entity: string
  declare name: string

  constructor() {
    super()
    this.entities = []
    this.documents = {}
    this.kindOf = 'view'
    this.entity = ''
    this.name = ''
  }

  protected override get label(): string {
    return t('text.new')
  }

  get #path(): string {
    return places[this.kindOf]?.path(this.entity, this.name) ?? ''
  }

  get #error(): string {
    if (this.name === '' || places[this.kindOf]?.named !== true) return ''
    return this.kindOf === 'texts' || isName(this.name) ? '' : t('designer.nameGrammar')
  }

  get #ready(): boolean {
    const place = places[this.kindOf]
    return this.#error === '' && (place?.entity !== true || this.entity !== '') && (place?.named !== true || this.name !== '') && parsePath(this.#path) !== null && this.documents[this.#path] === undefined
  }

  protected override content(): TemplateResult {
    const place = places[this.kindOf]
    return html`
      <header class="dialog-head"><h2>${this.label}</h2><button type="button" class="plain icon-only" aria-label=${t('close')} @click=${() => void this.leave()}>${icon('close')}</button></header>
      <div class="dialog-body panel-fields">
        ${this.#choice('kind', t('text.newKind'), (Object.keys(places) as DocumentKind[]).map((kind) => [kind, kindTitle(kind)]), this.kindOf, (value) => (this.kindOf = value as DocumentKind))}
        ${place?.entity === true ? this.#choice('entity', t('text.newEntity'), this.entities.map(({ name, title }) => [name, title]), this.entity, (value) => (this.entity = value)) : nothing}
        ${place?.named === true ? entry(this.surroundings, {
          field: shownField('document-name', t('text.newName'), 'text', {}, true), value: this.name, error: this.#error, help: t('text.newNameHelp'),
          change: (typed) => (this.name = typeof typed === 'string' ? typed.trim() : ''),
        }) : nothing}
        ${this.documents[this.#path] === undefined ? nothing : html`<p class="quiet">${t('text.newTaken')}</p>`}
      </div>
      <footer class="dialog-foot">
        <vaadin-button theme="tertiary" @click=${() => this.close(null)}>${t('cancel')}</vaadin-button>
        <vaadin-button theme="primary" ?disabled=${!this.#ready} @click=${() => this.close(this.#path)}>${t('text.newDone')}</vaadin-button>
      </footer>
    `
  }

  #choice(key: string, title: string, choices: readonly (readonly [string, string])[], value: string, change: (value: string) => void): TemplateResult {
    return entry(this.surroundings, {
      field: choiceField(`document-${key}`, title, choices, true), value: value === '' ? null : value,
      change: (chosen) => {
        if (typeof chosen === 'string' && chosen !== value) change(chosen)
      },
    })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'new-document': NewDocument
  }
}
