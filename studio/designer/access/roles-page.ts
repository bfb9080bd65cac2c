/** All roles beside each other: what each may do with each entity, at a glance; what is chosen is edited in the panel. */
import '../entities/entity-page.css'
import './matrix.css'
import './grant-panel.js'
import './role-dialog.js'
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { emptyState } from '../../shell/pages.js'
import { router } from '../../shell/router.js'
import { icon, type IconName } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { toast } from '../../ui/toast.js'
import type { Desk } from '../desk.js'
import { addRole, toggleRule } from '../commands/roles.js'
import { entitiesOf, textLanguages, type EntityDefinition } from '../draft/definitions.js'
import type { Design } from '../draft/draft-store.js'
import { everyOther, grantActions, originOfRole, rolesOf, type RoleDefinition } from './grants.js'
import { legend, strip, stripWords } from './strip.js'

export const roleAddress = (name: string, query = ''): string => `/studio/roles/${encodeURIComponent(name)}${query}`

/** One row of the matrix; `entity` null: every entity that a role does not name. */
interface Line {
  readonly name: string
  readonly title: string
  readonly icon: IconName
  readonly entity: EntityDefinition | null
}

/** `<roles-page .desk>` */
@customElement('roles-page')
export class RolesPage extends LightElement {
  static override properties = { desk: { attribute: false }, at: { state: true } }
  declare desk: Desk | undefined
  /** The cell that the keyboard is in. */
  declare at: { readonly row: number; readonly column: number }

  constructor() {
    super()
    this.at = { row: 0, column: 0 }
    new Watch(this, language)
  }

  /** The keyboard goes into the panel when something is chosen, back to its cell when it is closed. */
  override updated(changed: Map<PropertyKey, unknown>): void {
    const before = changed.get('desk') as Desk | undefined
    if (!changed.has('desk') || before?.query === this.desk?.query) return
    // The panel takes room: the cell that it is about stays in sight.
    this.querySelector('.grant-cell[aria-selected=true]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    if (before !== undefined) void this.#follow(this.desk?.query === '' ? '.grant-cell[tabindex="0"]' : '.panel h2')
  }

  async #follow(target: string): Promise<void> {
    await this.querySelector('grant-panel')?.updateComplete
    this.querySelector<HTMLElement>(target)?.focus({ preventScroll: true })
  }

  override render(): TemplateResult | typeof nothing {
    const desk = this.desk
    if (desk === undefined) return nothing
    const { design } = desk
    const roles = rolesOf(design.draft.documents, language.value)
    const active = roles.filter(({ archived }) => !archived)
    const lines = linesOf(design)
    const query = new URLSearchParams(desk.query)
    const role = active.find(({ name }) => name === query.get('role'))
    const line = lines.find(({ name }) => name === query.get('entity'))
    const selected = role !== undefined && line !== undefined
    return html`
      <header class="studio-head">
        <div><h1>${t('access.title')}</h1><p class="quiet">${t('access.lead')}</p></div>
        <span class="grow"></span>
        <vaadin-button theme="primary" class="add" aria-label=${t('access.newRole')} @click=${() => void this.#add()}>${icon('plus', 'prefix')}<span class="wide">${t('access.newRole')}</span></vaadin-button>
      </header>
      <div class="entity-columns" ?data-selected=${selected} ?data-alone=${!selected}>
        <div class="field-column matrix-column">
          ${legend()}
          ${active.length === 0 ? emptyState({ icon: 'shield', title: t('access.noRoles'), text: t('access.noRolesText') }) : this.#matrix(design, active, lines, role, line)}
          ${this.#archived(roles.filter(({ archived }) => archived))}
        </div>
        <aside class="panel" aria-label=${t('designer.properties')}>
          ${selected ? html`<grant-panel .client=${desk.client} .model=${desk.drafted} .design=${design} .subject=${role} .entity=${line.entity} .surroundings=${desk.surroundings} .perform=${desk.perform} .back=${'/studio/roles'}></grant-panel>` : nothing}
        </aside>
      </div>
    `
  }

  #matrix(design: Design, roles: readonly RoleDefinition[], lines: readonly Line[], role: RoleDefinition | undefined, line: Line | undefined): TemplateResult {
    const row = Math.min(this.at.row, lines.length - 1)
    const column = Math.min(this.at.column, roles.length - 1)
    return html`
      <table class="matrix" role="grid" aria-label=${t('access.title')} aria-describedby="matrix-keys" @keydown=${(event: KeyboardEvent) => this.#key(event, roles, lines)}>
        <thead><tr><th scope="col"><span class="visually-hidden">${t('access.entity')}</span></th>
          ${roles.map((one) => html`<th scope="col"><a class="matrix-role" href=${roleAddress(one.name)}><strong>${one.title}</strong>${roleMarks(one)}</a></th>`)}</tr></thead>
        <tbody>${lines.map((one, r) => html`<tr>
          <th scope="row"><span class="matrix-entity">${icon(one.icon)}${one.title}</span></th>
          ${roles.map((of, c) => html`<td class="grant-cell" role="gridcell" tabindex=${r === row && c === column ? 0 : -1} data-at=${`${String(r)} ${String(c)}`}
            aria-selected=${of === role && one === line ? 'true' : 'false'} aria-label=${`${of.title} · ${one.title}: ${stripWords(design.draft.documents, of.name, one.name)}`}
            ?data-changed=${originOfRole(design.published, design.draft.documents, of.path, ['entities', one.name]).change === 'changed' || originOfRole(design.published, design.draft.documents, of.path, ['entities', one.name]).change === 'new'}
            @focus=${() => (this.at = { row: r, column: c })} @click=${() => void router.go(cellAddress(of.name, one.name))}>${strip(design.draft.documents, of.name, one.name)}</td>`)}
        </tr>`)}</tbody>
      </table>
      <p id="matrix-keys" class="quiet matrix-keys">${t('access.keys')}</p>
    `
  }

  /** Arrows move, Enter opens, 1 to 7 give or take an action. */
  #key(event: KeyboardEvent, roles: readonly RoleDefinition[], lines: readonly Line[]): void {
    const cell = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('.grant-cell') : null
    if (cell === null || event.ctrlKey || event.metaKey || event.altKey) return
    const { row, column } = this.at
    const role = roles[column]
    const line = lines[row]
    const action = grantActions[Number(event.key) - 1]
    const move = moves[event.key]
    if (move !== undefined) this.#goTo(Math.max(0, Math.min(lines.length - 1, row + move[0])), Math.max(0, Math.min(roles.length - 1, column + move[1])))
    else if (event.key === 'Home' || event.key === 'End') this.#goTo(row, event.key === 'Home' ? 0 : roles.length - 1)
    else if ((event.key === 'Enter' || event.key === ' ') && role !== undefined && line !== undefined) void router.go(cellAddress(role.name, line.name))
    else if (action !== undefined && role !== undefined && line !== undefined) this.desk?.perform((documents) => toggleRule(documents, { role: role.name, entity: line.name, action }))
    else return
    event.preventDefault()
  }

  #goTo(row: number, column: number): void {
    this.at = { row, column }
    this.querySelector<HTMLElement>(`[data-at="${String(row)} ${String(column)}"]`)?.focus()
  }

  #archived(roles: readonly RoleDefinition[]): TemplateResult | typeof nothing {
    if (roles.length === 0) return nothing
    return html`<details class="archived-fold"><summary>${icon('archive')}${t('access.archivedRoles', { count: roles.length })}</summary>
      <ul class="references">${roles.map(({ name, title }) => html`<li><a href=${roleAddress(name)}>${title}</a></li>`)}</ul></details>`
  }

  async #add(): Promise<void> {
    const desk = this.desk
    if (desk === undefined) return
    const dialog = document.createElement('role-dialog')
    dialog.surroundings = desk.surroundings
    dialog.roles = rolesOf(desk.design.draft.documents, language.value)
    dialog.tags = textLanguages(desk.design.draft.documents)
    const made = await dialog.open()
    if (made === null) return
    desk.perform((documents) => addRole(documents, made))
    toast(t('access.roleAdded', { role: made.title }))
    await router.go(roleAddress(made.name))
  }
}

const moves: Readonly<Record<string, readonly [number, number]>> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }

const cellAddress = (role: string, entity: string): string => `/studio/roles?${new URLSearchParams({ role, entity }).toString()}`

/** Entities by title, then the line of all others. */
export function linesOf(design: Design): readonly Line[] {
  const entities = entitiesOf(design.draft.documents, design.types, language.value, design.inferred).filter(({ archived }) => !archived)
  return [...entities.map((entity): Line => ({ name: entity.name, title: entity.plural, icon: entity.icon as IconName, entity })), { name: everyOther, title: t('access.everyOther'), icon: 'layers', entity: null }]
}

const roleMarks = ({ document }: RoleDefinition): TemplateResult | typeof nothing => {
  const marks = (['design', 'people', 'audit'] as const).filter((key) => document[key] === true)
  return marks.length === 0 ? nothing : html`<small>${marks.map((key) => t(`access.short.${key}`)).join(' · ')}</small>`
}

declare global {
  interface HTMLElementTagNameMap {
    'roles-page': RolesPage
  }
}
