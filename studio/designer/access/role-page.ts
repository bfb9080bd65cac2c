/** One role: what it is called, what it may do in general, and with each entity; what is chosen is edited in the panel. */
import '../entities/entity-page.css'
import './role-page.css'
import './grant-panel.js'
import './preview-dialog.js'
import './role-panel.js'
import '../home/used-by.js'
import './role-tests.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { language, listed, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { emptyState } from '../../shell/pages.js'
import { router } from '../../shell/router.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import type { Desk } from '../desk.js'
import { archiveRole } from '../commands/roles.js'
import type { Design } from '../draft/draft-store.js'
import { originText, problemText } from '../words.js'
import { grantedThrough, grantOn, inheritedBy, originOfRole, personAttributes, roleSwitches, rolesOf, type RoleDefinition } from './grants.js'
import { linesOf, roleAddress } from './roles-page.js'
import { legend, strip, stripWords } from './strip.js'

/** `<role-page .desk .name>` */
@customElement('role-page')
export class RolePage extends LightElement {
  static override properties = { desk: { attribute: false }, name: {} }
  declare desk: Desk | undefined
  declare name: string

  constructor() {
    super()
    this.name = ''
    new Watch(this, language)
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    const before = changed.get('desk') as Desk | undefined
    if (before === undefined || before.query === this.desk?.query) return
    const row = new URLSearchParams(before.query).get('entity') ?? ''
    void this.#follow(this.desk?.query === '' ? `.field-row[data-field="${CSS.escape(row)}"]` : '.panel h2')
  }

  async #follow(target: string): Promise<void> {
    await this.querySelector<LightElement>('grant-panel, role-panel')?.updateComplete
    this.querySelector<HTMLElement>(target)?.focus({ preventScroll: true })
  }

  override render(): TemplateResult | typeof nothing {
    const desk = this.desk
    if (desk === undefined) return nothing
    const { design } = desk
    const role = rolesOf(design.draft.documents, language.value).find(({ name }) => name === this.name)
    if (role === undefined) return html`<div class="page-center">${emptyState({ icon: 'shield', title: t('access.noRole'), text: t('access.noRoleText'), action: html`<a class="button primary" href="/studio/roles">${t('access.toRoles')}</a>` })}</div>`
    const query = new URLSearchParams(desk.query)
    const lines = linesOf(design)
    const line = lines.find(({ name }) => name === query.get('entity'))
    const settings = query.has('settings')
    return html`
      <header class="studio-head">
        <a class="plain icon-only" href="/studio/roles" aria-label=${t('access.toRoles')}>${icon('arrowLeft')}</a>
        <span class="tile large">${icon('shield')}</span>
        <div class="entity-title"><h1>${role.title}</h1><code>${role.name}</code></div>
        <span class="grow"></span>
        ${role.archived || originOfRole(design.published, design.draft.documents, role.path).change === 'new' ? nothing : html`<button type="button" class="plain" aria-label=${t('preview.open')} @click=${() => this.#preview(role)}>${icon('eye')}<span>${t('preview.open')}</span></button>`}
        <a class="plain" href=${roleAddress(role.name, '?settings')} aria-label=${t('access.settings')}>${icon('settings')}<span>${t('access.settings')}</span></a>
      </header>
      <div class="entity-columns" ?data-selected=${line !== undefined || settings}>
        <div class="field-column">
          ${this.#facts(design, role)}
          ${legend()}
          <ul class="field-list role-list">${lines.map(({ name, title, icon: symbol }) => this.#row(design, role, name, title, symbol, name === line?.name))}</ul>
          <role-tests .design=${design} .subject=${role} .perform=${desk.perform}></role-tests>
        </div>
        <aside class="panel" aria-label=${t('designer.properties')}>
          ${settings
            ? html`<role-panel .design=${design} .subject=${role} .surroundings=${desk.surroundings} .perform=${desk.perform} @gone=${() => router.replace('/studio/roles')}></role-panel>
              <used-by .client=${desk.client} .design=${design} .path=${role.path}></used-by>`
            : line !== undefined
              ? html`<grant-panel .client=${desk.client} .model=${desk.drafted} .design=${design} .subject=${role} .entity=${line.entity} .surroundings=${desk.surroundings} .perform=${desk.perform} .back=${roleAddress(role.name)}></grant-panel>`
              : html`<div class="panel-empty">${emptyState({ icon: 'shield', title: t('access.select'), text: t('access.selectText') })}</div>`}
        </aside>
      </div>
    `
  }

  #preview(role: RoleDefinition): void {
    const desk = this.desk
    if (desk === undefined) return
    const dialog = document.createElement('preview-dialog')
    const user = desk.model.entities['user']
    dialog.client = desk.client
    dialog.surroundings = desk.surroundings
    dialog.name = role.name
    dialog.roleTitle = role.title
    dialog.asked = personAttributes(desk.design.published.documents, role.name).flatMap((name) => user?.fields.find(({ key }) => key === name) ?? [])
    void dialog.open()
  }

  /** Who it is for, what it may do in general, whose grants it has too. */
  #facts(design: Design, role: RoleDefinition): TemplateResult {
    const all = rolesOf(design.draft.documents, language.value)
    const problems = design.problems.filter(({ path }) => path.startsWith(`${role.path}#`) && !path.startsWith(`${role.path}#/entities/`) && !path.startsWith(`${role.path}#/tests/`))
    const inherits = inheritedBy(design.draft.documents, role.name)
    const origin = originText(originOfRole(design.published, design.draft.documents, role.path))
    return html`
      <div class="role-facts">
        ${role.archived ? html`<p class="note warn" role="note">${icon('archive')}<span>${t('access.isArchived')} <button type="button" class="plain accent" @click=${() => this.desk?.perform((documents) => archiveRole(documents, role.name, false))}>${t('access.bringBack')}</button></span></p>` : nothing}
        ${problems.map((problem) => html`<p class="panel-error" role="alert">${icon('warning')}${problemText(problem)}</p>`)}
        ${role.description === '' ? nothing : html`<p>${role.description}</p>`}
        <div class="role-chips">
          ${roleSwitches.filter((key) => role.document[key] === true).map((key) => html`<span class="badge" data-color="blue">${t(`access.switch.${key}`)}</span>`)}
          ${inherits.map((name) => html`<a class="badge" href=${roleAddress(name)}>${icon('link')}${t('access.has', { role: all.find((one) => one.name === name)?.title ?? name })}</a>`)}
          ${origin === '' ? nothing : html`<span class="badge">${icon('layers')}${origin}</span>`}
        </div>
      </div>
    `
  }

  #row(design: Design, role: RoleDefinition, name: string, title: string, symbol: string, selected: boolean): TemplateResult {
    const { documents } = design.draft
    const by = grantOn(role.document, name).by
    const origin = by === 'named' ? originOfRole(design.published, documents, role.path, ['entities', name]) : null
    const through = grantedThrough(documents, language.value, role.name, name).map((one) => one.title)
    const problems = design.problems.filter(({ path }) => path === `${role.path}#/entities/${name}` || path.startsWith(`${role.path}#/entities/${name}/`)).length
    return html`
      <li><a class="field-row" data-field=${name} href=${roleAddress(role.name, `?entity=${encodeURIComponent(name)}`)} aria-current=${selected ? 'true' : nothing}>
        <span class="tile">${icon(symbol)}</span>
        <span class="field-name"><strong>${title}</strong><span class="visually-hidden">${stripWords(documents, role.name, name)}</span></span>
        ${strip(documents, role.name, name)}
        <span class="field-origin">${problems > 0
          ? html`<span class="badge" data-color="red">${t('designer.problemCount', { count: problems })}</span>`
          : origin === null ? html`<span class="quiet unchanged">${by === 'other' ? t('access.says.other') : ''}</span>`
            : origin.change === 'none' ? html`<span class="quiet unchanged">${originText(origin)}</span>`
              : html`<span class="badge" data-color=${origin.change === 'here' ? 'blue' : 'green'}>${originText(origin)}</span>`}
          ${through.length === 0 ? nothing : html`<small class="quiet">${t('access.through', { roles: listed(through) })}</small>`}</span>
      </a></li>
    `
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'role-page': RolePage
  }
}
