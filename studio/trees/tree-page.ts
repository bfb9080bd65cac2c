/** The records of a tree, unfolded branch by branch as the person goes down. Branches are read when they are opened. */
import './tree-page.css'
import '@vaadin/progress-bar'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'

import type { UiEntity, UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { language, t } from '../client/i18n.js'
import { newsOfRecords } from '../client/model.js'
import { displayKey, type Rec } from '../client/records.js'
import { Refresh } from '../client/refresh.js'
import { Watch } from '../client/store.js'
import { branchOf } from '../client/trees.js'
import type { Surroundings } from '../fields/contract.js'
import { viewOf } from '../fields/index.js'
import { lookupFor } from '../fields/lookup.js'
import { nameOf } from '../fields/name-of.js'
import { columnsOf, fieldsFor, valueAt, type Column } from '../lists/table/columns.js'
import { emptyState } from '../shell/pages.js'
import { router } from '../shell/router.js'
import { createPath, listPath, recordPath } from '../shell/routes.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { describeProblem } from '../ui/toast.js'
import { emptyTree, rowsOf, stepOf, withOpen, withPage, type Tree, type TreeRow } from './tree-state.js'

const columnsMax = 6
/** A burst of changes is answered by one reading. */
const refreshPauseMs = 1_500

/** What was open and focused in each tree, for the way back. */
const left = new Map<string, { readonly open: ReadonlySet<number>; readonly focus: number }>()

/** `<tree-page .client .model .entity>` */
@customElement('tree-page')
export class TreePage extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, entity: { attribute: false }, tree: { state: true }, focused: { state: true }, failed: { state: true } }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare entity: UiEntity | undefined
  declare tree: Tree
  /** Id of the record that the keys act on; 0: the first one. */
  declare focused: number
  declare failed: string
  #shownModel: UiModel | undefined
  #surroundings: Surroundings | undefined

  constructor() {
    super()
    this.tree = emptyTree
    this.focused = 0
    this.failed = ''
    new Watch(this, language)
    new Refresh(this, { pauseMs: refreshPauseMs, listen: newsOfRecords(() => this.client?.model, ({ entity }) => entity === this.entity?.name), ask: () => this.#readAll() })
  }

  override willUpdate(): void {
    const { client, model, entity } = this
    if (client === undefined || model === undefined || entity === undefined || this.#shownModel === model) return
    const before = this.#shownModel === undefined ? left.get(entity.name) : undefined
    this.#shownModel = model
    this.#surroundings = { timeZone: client.session.user?.timeZone ?? '', viewOf, lookup: lookupFor(client, model, recordPath) }
    if (before !== undefined) {
      this.tree = { ...emptyTree, open: before.open }
      this.focused = before.focus
    }
    void this.#readAll()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    if (this.entity !== undefined) left.set(this.entity.name, { open: this.tree.open, focus: this.focused })
  }

  #columns(): readonly Column[] {
    const { model, entity } = this
    if (model === undefined || entity === undefined) return []
    const paths = (entity.lists[0]?.columns ?? []).filter((path) => path !== displayKey(entity) && path !== entity.tree)
    return columnsOf(model, entity, paths).slice(0, columnsMax)
  }

  /** What is open, from the top down. */
  async #readAll(): Promise<void> {
    await this.#read(null)
    for (const id of this.tree.open) await this.#read(id)
  }

  async #read(parent: number | null, cursor: string | null = null): Promise<void> {
    const { client, model, entity } = this
    if (client === undefined || model === undefined || entity === undefined) return
    try {
      const page = await branchOf(client, entity, parent, { fields: fieldsFor(model, entity, this.#columns()), cursor })
      this.tree = withPage(this.tree, parent, page, cursor !== null)
      this.failed = ''
    } catch (thrown) {
      this.failed = describeProblem(thrown)
    }
  }

  #toggle(id: number, open: boolean): void {
    this.tree = withOpen(this.tree, id, open)
    if (open && !this.tree.branches.has(id)) void this.#read(id)
  }

  override render(): TemplateResult | typeof nothing {
    const { entity, client } = this
    if (entity === undefined || client === undefined) return nothing
    return html`
      <header class="tree-head">
        <h1>${entity.plural}</h1>
        <a class="plain" href=${listPath(entity.name)} aria-label=${t('tree.asList')}>${icon('list')}<span>${t('tree.asList')}</span></a>
        <span class="grow"></span>
        ${this.tree.open.size === 0 ? nothing : html`<button type="button" class="plain" @click=${() => (this.tree = { ...this.tree, open: new Set() })}>${t('tree.closeAll')}</button>`}
        ${entity.may.create ? html`<a class="button primary" href=${createPath(entity.name)}>${icon('plus')}<span>${t('list.new', { entity: entity.title })}</span></a>` : nothing}
      </header>
      <div class="tree-body">${this.#body(entity)}</div>
    `
  }

  #body(entity: UiEntity): TemplateResult {
    if (this.failed !== '') return emptyState({ icon: 'warning', title: t('list.failed'), text: this.failed, action: html`<button type="button" class="plain accent" @click=${() => void this.#readAll()}>${icon('refresh')}${t('retry')}</button>` })
    const top = this.tree.branches.get(null)
    if (top === undefined) return html`<vaadin-progress-bar indeterminate aria-label=${t('loading')}></vaadin-progress-bar>`
    if (top.records.length === 0) return emptyState({ icon: entity.icon, title: t('list.empty', { entity: entity.plural }), text: t(entity.may.create ? 'list.emptyText' : 'list.emptyReadText'), action: entity.may.create ? html`<a class="button primary" href=${createPath(entity.name)}>${icon('plus')}${t('list.new', { entity: entity.title })}</a>` : nothing })
    const rows = rowsOf(this.tree)
    const columns = this.#columns()
    const at = Math.max(0, rows.findIndex((row) => row.kind === 'record' && row.record.id === this.focused))
    const display = entity.fields.find(({ key }) => key === displayKey(entity))
    return html`
      <table role="treegrid" aria-label=${entity.plural} @keydown=${(event: KeyboardEvent) => this.#key(event, rows)}>
        <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">${display?.title ?? entity.title}</th>${columns.map((column) => html`<th role="columnheader" scope="col" class=${column.view.align}>${column.title}</th>`)}</tr></thead>
        <tbody role="rowgroup">${repeat(rows, (row) => (row.kind === 'record' ? row.record.id : `${row.kind} ${row.parent}`), (row, i) => this.#row(entity, row, columns, i === at))}</tbody>
      </table>
    `
  }

  #row(entity: UiEntity, row: TreeRow, columns: readonly Column[], focused: boolean): TemplateResult {
    const indent = `--level: ${row.level - 1}`
    if (row.kind === 'loading') return html`<tr role="row" aria-level=${row.level}><td role="gridcell" style=${indent} class="tree-name quiet" colspan=${columns.length + 1}>${t('loading')}</td></tr>`
    if (row.kind === 'more') return html`<tr role="row" aria-level=${row.level} tabindex="-1"><td role="gridcell" style=${indent} class="tree-name" colspan=${columns.length + 1}><button type="button" class="plain accent" @click=${() => void this.#read(row.parent, this.tree.branches.get(row.parent)?.next ?? null)}>${t('record.relatedMore')}</button></td></tr>`
    const { record, children, expanded } = row
    const name = nameOf(entity, record)
    return html`
      <tr role="row" aria-level=${row.level} aria-posinset=${row.position} aria-setsize=${row.size} aria-expanded=${children === 0 ? nothing : expanded ? 'true' : 'false'} tabindex=${focused ? 0 : -1} data-id=${record.id}
        @focusin=${() => (this.focused = record.id)} @click=${(event: MouseEvent) => this.#clicked(event, record, row)}>
        <td role="gridcell" class="tree-name" style=${indent}>
          <span class="tree-fold ${children === 0 ? 'leaf' : ''}" aria-hidden="true">${children === 0 ? nothing : icon(expanded ? 'chevronDown' : 'chevronRight')}</span>
          <a tabindex="-1" href=${recordPath(entity.name, record.id)}>${name}</a>
          ${children === 0 ? nothing : html`<span class="tree-count" title=${t('tree.children', { count: children })}><span aria-hidden="true">${children}</span><span class="visually-hidden">${t('tree.children', { count: children })}</span></span>`}
          ${entity.may.create ? html`<a class="plain icon-only tree-add" tabindex=${focused ? 0 : -1} href=${createPath(entity.name, { [entity.tree ?? '']: record.id })} title=${t('tree.add', { name })} aria-label=${t('tree.add', { name })}>${icon('plus')}</a>` : nothing}
        </td>
        ${columns.map((column) => html`<td role="gridcell" class=${column.view.align}>${this.#cell(column, record)}</td>`)}
      </tr>
    `
  }

  #cell(column: Column, record: Rec): unknown {
    const value = valueAt(record, column.path)
    return value === null || this.#surroundings === undefined ? '' : column.view.cell(value, { ...this.#surroundings, field: column.field, record })
  }

  #clicked(event: MouseEvent, record: Rec, row: Extract<TreeRow, { kind: 'record' }>): void {
    if (event.composedPath().some((node) => node instanceof HTMLAnchorElement) || (window.getSelection()?.toString() ?? '') !== '') return
    if (row.children > 0) this.#toggle(record.id, !row.expanded)
  }

  #key(event: KeyboardEvent, rows: readonly TreeRow[]): void {
    const line = event.target instanceof HTMLElement ? event.target.closest('tr') : null
    if (line === null || event.altKey || event.ctrlKey || event.metaKey) return
    const at = [...(line.parentElement?.children ?? [])].indexOf(line)
    const row = rows[at]
    if (event.key === 'Enter' && event.target === line && row?.kind === 'record') {
      void router.go(recordPath(this.entity?.name ?? '', row.record.id))
      return
    }
    const step = stepOf(rows, at, event.key)
    if (step === undefined) return
    event.preventDefault()
    if ('open' in step) this.#toggle(step.open, true)
    else if ('close' in step) this.#toggle(step.close, false)
    else {
      const next = line.parentElement?.children[step.focus]
      if (next instanceof HTMLElement) (next.querySelector('button') ?? next).focus()
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'tree-page': TreePage
  }
}
