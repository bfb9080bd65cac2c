/** What a role says about itself: titles, description, whose grants it has too, what it may do in general, and putting it away. */
import '../panel.css'
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Json } from '../../../metadata/contract/json.js'
import { language, languageTitle, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import type { Surroundings } from '../../fields/contract.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { archiveRole, removeRole, resetRole, setRoleKeyword } from '../commands/roles.js'
import { setTranslation } from '../commands/set-field.js'
import { belowOf, canonical, listOf, objectOf, textLanguages, textOf } from '../draft/definitions.js'
import type { Design } from '../draft/draft-store.js'
import { entry, shownField } from '../entry.js'
import type { Perform } from '../entities/field-panel.js'
import { layerTitle } from '../words.js'
import { layerBelow } from './grant-panel.js'
import { inheritedBy, originOfRole, roleSwitches, rolesOf, type RoleDefinition } from './grants.js'

/** `<role-panel>`; fires `gone` when the role is no longer there. */
@customElement('role-panel')
export class RolePanel extends LightElement {
  static override properties = { design: { attribute: false }, subject: { attribute: false }, surroundings: { attribute: false }, perform: { attribute: false } }
  declare design: Design | undefined
  declare subject: RoleDefinition | undefined
  declare surroundings: Surroundings
  declare perform: Perform

  constructor() {
    super()
    new Watch(this, language)
  }

  override render(): TemplateResult | typeof nothing {
    const { design, subject: role } = this
    if (design === undefined || role === undefined) return nothing
    const documents = design.draft.documents
    const set = (key: string, value: Json | undefined, name = ''): void => this.perform((before) => setRoleKeyword(before, role.name, key, value), name)
    return html`
      <header class="panel-head">
        <span class="tile">${icon('settings')}</span>
        <h2 tabindex="-1">${t('access.settings')}</h2>
        <a class="plain icon-only" href=${`/studio/roles/${encodeURIComponent(role.name)}`} aria-label=${t('close')}>${icon('close')}</a>
      </header>
      <div class="panel-fields">
        ${this.#text('title', t('access.role.title'), textOf(role.document['title']), (text) => set('title', text === '' ? undefined : text, `title:${role.name}`))}
        ${textLanguages(documents).map((tag) => this.#text(`title-${tag}`, t('designer.field.titleIn', { language: languageTitle(tag) }), textOf(objectOf(objectOf(documents[`texts/${tag}.json`])[role.path])['/title']),
          (text) => this.perform((before) => setTranslation(before, tag, role.path, '/title', text), `title-${tag}:${role.name}`)))}
        ${this.#text('description', t('designer.field.description'), textOf(role.document['description']), (text) => set('description', text === '' ? undefined : text, `description:${role.name}`), 'longText')}
        <fieldset class="marks"><legend>${t('access.general')}</legend>
          ${roleSwitches.map((key) => html`<label class="tick"><input type="checkbox" .checked=${role.document[key] === true} @change=${(event: Event) => set(key, isChecked(event) ? true : undefined)} />
            <span>${t(`access.switch.${key}`)}<small>${t(`access.switchHelp.${key}`)}</small></span></label>`)}
        </fieldset>
        ${this.#inherits(design, role)}
        ${this.#end(design, role)}
      </div>
    `
  }

  #text(key: string, label: string, value: string, change: (text: string) => void, type = 'text'): TemplateResult {
    return entry(this.surroundings, {
      field: shownField(key, label, type), value,
      change: (typed) => {
        const text = typeof typed === 'string' ? typed : ''
        // An input also tells of the value that it was just given.
        if (text !== value) change(text)
      },
    })
  }

  /** Roles that have this one's grants already cannot lend it theirs. */
  #inherits(design: Design, role: RoleDefinition): TemplateResult {
    const { documents } = design.draft
    const own = listOf(role.document['inherits'])
    const others = rolesOf(documents, language.value).filter(({ name, archived }) => name !== role.name && (own.includes(name) || (!archived && !inheritedBy(documents, name).includes(role.name))))
    const toggle = (name: string, on: boolean): void => this.perform((before) => {
      const now = listOf(before[role.path]?.['inherits'])
      const next = on ? [...now, name] : now.filter((one) => one !== name)
      return setRoleKeyword(before, role.name, 'inherits', next.length === 0 ? undefined : next)
    })
    return html`<fieldset class="marks"><legend>${t('access.inheritsTitle')}</legend>
      ${others.map(({ name, title, description }) => html`<label class="tick"><input type="checkbox" .checked=${own.includes(name)} @change=${(event: Event) => toggle(name, isChecked(event))} /><span>${title}<small>${description}</small></span></label>`)}
    </fieldset>`
  }

  #end(design: Design, role: RoleDefinition): TemplateResult {
    const below = belowOf(design.published, role.path)
    const layer = layerBelow(design, role.path)
    const isNew = originOfRole(design.published, design.draft.documents, role.path).change === 'new'
    return html`
      <div class="panel-end">
        ${layer !== '' && below !== undefined && canonical(below) !== canonical(role.document)
          ? html`<button type="button" class="plain accent" @click=${() => this.perform((documents) => resetRole(documents, role.name, [], below))}>${icon('restore')}${t('access.resetAll', { layer: layerTitle(layer) })}</button>`
          : nothing}
        ${isNew
          ? html`<button type="button" class="plain danger" @click=${() => this.#remove(role)}>${icon('trash')}${t('access.remove')}</button>`
          : html`<button type="button" class="plain" @click=${() => this.perform((documents) => archiveRole(documents, role.name, !role.archived))}>${icon(role.archived ? 'restore' : 'archive')}${t(role.archived ? 'access.bringBack' : 'access.archive')}</button>
            <p class="quiet">${t('access.archiveHelp')}</p>`}
      </div>
    `
  }

  #remove(role: RoleDefinition): void {
    this.perform((documents) => removeRole(documents, role.name))
    this.dispatchEvent(new CustomEvent('gone'))
  }
}

const isChecked = (event: Event): boolean => event.target instanceof HTMLInputElement && event.target.checked

declare global {
  interface HTMLElementTagNameMap {
    'role-panel': RolePanel
  }
}
