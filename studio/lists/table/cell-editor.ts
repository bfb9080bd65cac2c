/**
 * Changing one value without leaving the list: the field's own input over the cell. Enter saves, Escape leaves all as it
 * was. Fires `saved` when the list should read its rows again.
 */
import './cell-editor.css'
import '@vaadin/button'
import { popoverRenderer } from '@vaadin/popover/lit.js'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Json } from '../../../metadata/contract/json.js'
import type { UiEntity } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { language, t } from '../../client/i18n.js'
import type { Rec } from '../../client/records.js'
import { Watch } from '../../client/store.js'
import type { FieldSlot, Surroundings } from '../../fields/contract.js'
import { nameOf } from '../../fields/name-of.js'
import { unreadMessage } from '../../fields/unread.js'
import { icon } from '../../ui/icon.js'
import { leaveInput } from '../../ui/leave-input.js'
import { LightElement } from '../../ui/light-element.js'
import { onceOpened } from '../../ui/once-opened.js'
import { describeProblem, toast, toastProblem, toastUndo } from '../../ui/toast.js'
import { changeValues } from '../chosen/change-values.js'
import { valueAt, type Column } from './columns.js'

/** A cell that is to be changed. */
export interface Cell {
  readonly anchor: HTMLElement
  readonly record: Rec
  readonly column: Column
}

/** `<cell-editor .client .entity .surroundings>`; `edit` opens it. */
@customElement('cell-editor')
export class CellEditor extends LightElement {
  static override properties = { client: { attribute: false }, entity: { attribute: false }, surroundings: { attribute: false }, cell: { state: true }, value: { state: true }, error: { state: true }, saving: { state: true } }
  declare client: Client | undefined
  declare entity: UiEntity | undefined
  declare surroundings: Surroundings | undefined
  declare cell: Cell | null
  declare value: Json
  declare error: string
  declare saving: boolean
  /** What stands in the input is no value. */
  #unread = false

  constructor() {
    super()
    this.cell = null
    this.value = null
    this.error = ''
    this.saving = false
    new Watch(this, language)
  }

  /** A list that is only read needs no inputs: they come with the first cell that is changed. */
  async edit(cell: Cell): Promise<void> {
    await import('../../fields/inputs.js')
    this.cell = cell
    this.value = valueOf(cell)
    this.error = ''
    this.#unread = false
  }

  override render(): TemplateResult {
    const { cell } = this
    return html`
      ${onceOpened(cell !== null, () => html`<vaadin-popover .target=${cell?.anchor} position="bottom-start" modal .trigger=${[]} .opened=${cell !== null} overlay-role="dialog" accessible-name=${cell?.column.title ?? ''}
        @opened-changed=${(event: CustomEvent<{ value: boolean }>) => !event.detail.value && this.#close()}
        ${popoverRenderer(() => this.#form(), [cell, this.value, this.error, this.saving, language.value])}></vaadin-popover>`)}
    `
  }

  #form(): TemplateResult | typeof nothing {
    const { cell, surroundings } = this
    if (cell === null || surroundings === undefined) return nothing
    const { field, view } = cell.column
    const slot: FieldSlot = {
      ...surroundings, field, value: this.value, label: view.wide ? field.title : '', required: field.required, disabled: this.saving, error: this.error, help: field.help ?? '', autofocus: true,
      change: (value) => {
        this.value = value
        this.error = ''
        this.#unread = false
      },
      touch: () => {},
      unread: (text, _at, part = field) => {
        this.#unread = text !== null
        this.error = text === null ? '' : unreadMessage(surroundings.viewOf(part.type), text)
      },
    }
    return html`
      <form class="cell-form" ?data-wide=${view.wide} @submit=${(event: Event) => event.preventDefault()} @keydown=${(event: KeyboardEvent) => this.#key(event)}>
        ${view.input(slot)}
        ${view.wide ? html`<div class="cell-actions">
          <vaadin-button theme="tertiary" @click=${() => this.#close()}>${t('cancel')}</vaadin-button>
          <vaadin-button theme="primary" ?disabled=${this.saving} @click=${() => void this.#save()}>${t('record.save')}</vaadin-button>
        </div>` : html`<div class="cell-actions">
          <vaadin-button theme="primary icon" aria-label=${t('record.save')} title=${t('record.save')} ?disabled=${this.saving} @click=${() => setTimeout(() => void this.#save())}>${icon('check')}</vaadin-button>
          <vaadin-button theme="tertiary icon" aria-label=${t('cancel')} title=${t('cancel')} @click=${() => this.#close()}>${icon('close')}</vaadin-button>
        </div>`}
      </form>
    `
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.isComposing || event.defaultPrevented || event.shiftKey) return
    // Enter is a new line in a long text, and a button does its own.
    if (event.composedPath().some((node) => node instanceof HTMLTextAreaElement || (node instanceof HTMLElement && node.localName === 'vaadin-button'))) return
    // A picker inside the field takes this Enter first; its value is there in the next task.
    setTimeout(() => void leaveInput().then(() => this.#save()))
  }

  #close(): void {
    this.cell = null
  }

  async #save(): Promise<void> {
    const { cell, value, client, entity } = this
    if (cell === null || client === undefined || entity === undefined || this.saving || this.#unread) return
    const { key } = cell.column.field
    const before = valueOf(cell)
    if (JSON.stringify(before) === JSON.stringify(value)) {
      this.#close()
      return
    }
    this.saving = true
    const outcome = await changeValues(client, entity, cell.record.id, Number(cell.record['version']), { [key]: value })
    this.saving = false
    if (outcome.kind === 'refused') {
      this.error = outcome.problems[`/${key}`] ?? Object.values(outcome.problems)[0] ?? describeProblem(outcome.problem)
      return
    }
    this.#close()
    this.dispatchEvent(new CustomEvent('saved'))
    if (outcome.kind === 'conflict') toastProblem(new Error(t('list.cellConflict', { name: nameOf(entity, cell.record) })))
    else if (outcome.kind === 'failed') toastProblem(outcome.problem)
    else toastUndo(t('list.cellSaved', { name: nameOf(entity, cell.record), field: cell.column.title }), () => void this.#takeBack(client, entity, outcome.record, key, before))
  }

  async #takeBack(client: Client, entity: UiEntity, record: Rec, key: string, before: Json): Promise<void> {
    const outcome = await changeValues(client, entity, record.id, Number(record['version']), { [key]: before })
    if (outcome.kind === 'saved') toast(t('list.cellTakenBack'))
    else toastProblem(outcome.kind === 'conflict' ? new Error(t('list.cellConflict', { name: nameOf(entity, record) })) : outcome.problem)
    this.dispatchEvent(new CustomEvent('saved'))
  }
}

/** The value as it is sent; of a linked record that came with its name, the id. */
function valueOf({ record, column }: Cell): Json {
  const value = valueAt(record, column.path)
  return column.field.to !== undefined && typeof value === 'object' && value !== null && 'id' in value ? (value['id'] ?? null) : value
}

declare global {
  interface HTMLElementTagNameMap {
    'cell-editor': CellEditor
  }
}
