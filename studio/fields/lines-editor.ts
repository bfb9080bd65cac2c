/**
 * A table of lines that is used like a spreadsheet: arrows, Tab and Enter go from cell to cell, a block is pasted where the
 * person stands. Only the cell where they are has an input; all others are text, so that five hundred lines stay quick.
 */
import './lines-editor.css'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { guard } from 'lit/directives/guard.js'
import { keyed } from 'lit/directives/keyed.js'
import { until } from 'lit/directives/until.js'

import type { Json } from '../../metadata/contract/json.js'
import type { UiEntity, UiField } from '../../metadata/contract/ui-model.js'
import { number, t } from '../client/i18n.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { toast, toastUndo } from '../ui/toast.js'
import type { FieldSlot } from './contract.js'
import { cellsOf, freshLine, isStored, lineFields, linesIn, moved, totalOf, withCell, withLine, withoutLine, type Line } from './lines-state.js'

interface Place {
  readonly row: number
  readonly column: number
}

/** Most lines of one record, as the engine accepts them. */
const linesMost = 500

/** Of many problems the first are told; the cells of all are marked. */
const problemsShown = 8

/** `<lines-editor .slotted>`; a disabled slot is read only. */
@customElement('lines-editor')
export class LinesEditor extends LightElement {
  static override properties = { slotted: { attribute: false }, at: { state: true }, unread: { state: true }, reading: { state: true } }
  declare slotted: FieldSlot | undefined
  /** The cell that is edited. */
  declare at: Place | null
  /** Texts that were not understood, by `/row/key`. They stand in their cells until they are replaced. */
  declare unread: ReadonlyMap<string, string>
  /** How far a pasted block is read; null when none is. */
  declare reading: { readonly done: number; readonly total: number } | null

  constructor() {
    super()
    this.at = null
    this.unread = new Map()
    this.reading = null
  }

  get #lines(): readonly Line[] {
    return linesIn(this.slotted?.value)
  }

  #child(slot: FieldSlot): UiEntity | undefined {
    return slot.lookup.entity(slot.field.lines ?? '')
  }

  #change(lines: readonly Line[]): void {
    this.slotted?.change(lines)
  }

  /** Cells of stored lines that the person may change, cells of new lines that they may fill. */
  #mayEdit(child: UiEntity, field: UiField, line: Line): boolean {
    if (this.slotted?.disabled !== false || field.masked) return false
    return isStored(line) ? child.may.update && field.updateable : field.createable
  }

  override render(): TemplateResult | typeof nothing {
    const slot = this.slotted
    const child = slot === undefined ? undefined : this.#child(slot)
    if (slot === undefined || child === undefined) return nothing
    const fields = lineFields(child, slot.field)
    const lines = this.#lines
    const mayAdd = !slot.disabled && child.may.create && lines.length < linesMost
    return html`
      ${slot.label === '' ? nothing : html`<div class="lines-label" id="label-${slot.field.key}">${slot.label}<span class="quiet">${number(lines.length)}</span></div>`}
      <div class="lines ${slot.error === '' ? '' : 'wrong'}" @keydown=${{ handleEvent: (event: KeyboardEvent) => this.#key(event, child, fields), capture: true }} @paste=${{ handleEvent: (event: ClipboardEvent) => void this.#paste(event, slot, child, fields), capture: true }} @focusout=${(event: FocusEvent) => this.#left(event, slot)}>
        <table aria-label=${slot.label === '' ? slot.field.title : slot.label}>
          <thead><tr><th scope="col" class="line-number"><span class="visually-hidden">${t('lines.number')}</span>#</th>${fields.map((field) => html`<th scope="col" class=${slot.viewOf(field.type).align}>${field.title}${field.required ? html`<span class="needed" aria-hidden="true"> *</span>` : nothing}</th>`)}${slot.disabled ? nothing : html`<th scope="col" class="line-acts"><span class="visually-hidden">${t('lines.actions')}</span></th>`}</tr></thead>
          <tbody>${lines.map((line, row) => guard([line, row, lines.length, this.at?.row === row ? this.at.column : -1, slot.disabled, this.#wrongIn(slot, row)], () => this.#row(slot, child, fields, line, row)))}</tbody>
          ${this.#totals(slot, fields, lines)}
        </table>
        ${lines.length === 0 ? html`<p class="lines-none">${t(slot.disabled ? 'lines.none' : 'lines.empty')}</p>` : nothing}
      </div>
      ${this.reading === null ? nothing : html`<p class="lines-reading" role="status">${t('lines.reading', { count: number(this.reading.total) })}<progress max=${this.reading.total} value=${this.reading.done} aria-label=${t('lines.reading', { count: number(this.reading.total) })}></progress></p>`}
      ${this.#problems(slot, fields)}
      ${slot.disabled ? nothing : html`<div class="lines-foot">
        ${child.may.create ? html`<button type="button" class="plain accent" ?disabled=${!mayAdd} @click=${() => this.#add(child, fields, lines.length)}>${icon('plus')}<span>${t('lines.add')}</span></button>` : nothing}
        <span class="quiet">${lines.length >= linesMost ? t('lines.full', { limit: number(linesMost) }) : t('lines.hint')}</span>
      </div>`}
    `
  }

  #row(slot: FieldSlot, child: UiEntity, fields: readonly UiField[], line: Line, row: number): TemplateResult {
    return html`
      <tr>
        <td class="line-number">${number(row + 1)}</td>
        ${fields.map((field, column) => this.#cell(slot, child, field, line, { row, column }))}
        ${slot.disabled ? nothing : html`<td class="line-acts">${this.#act('arrowUp', t('lines.up', { row: row + 1 }), row > 0, () => this.#move(row, -1))}${this.#act('arrowDown', t('lines.down', { row: row + 1 }), row + 1 < this.#lines.length, () => this.#move(row, 1))}${this.#act('trash', t('lines.remove', { row: row + 1 }), !isStored(line) || child.may.archive, () => this.#remove(row))}</td>`}
      </tr>
    `
  }

  #act(name: 'arrowUp' | 'arrowDown' | 'trash', label: string, possible: boolean, run: () => void): TemplateResult {
    return html`<button type="button" class="plain icon-only" tabindex="-1" aria-label=${label} title=${label} ?disabled=${!possible} @click=${run}>${icon(name)}</button>`
  }

  #cell(slot: FieldSlot, child: UiEntity, field: UiField, line: Line, place: Place): TemplateResult {
    const view = slot.viewOf(field.type)
    const editable = this.#mayEdit(child, field, line)
    const wrong = this.#wrong(slot, place.row, field.key)
    const here = this.at?.row === place.row && this.at.column === place.column
    if (here && editable) return html`<td class="here ${view.align} ${wrong === '' ? '' : 'wrong'}" data-label=${field.title}>${keyed(`${place.row}/${field.key}`, view.input(this.#inner(slot, field, line, place.row, wrong)))}</td>`
    const value = line[field.key] ?? (wrong === '' ? null : (this.unread.get(`/${place.row}/${field.key}`) ?? null))
    const enterable = editable && (this.at === null ? place.row === 0 && place.column === 0 : false)
    return html`<td class="${view.align} ${editable ? 'editable' : slot.disabled ? '' : 'fixed'} ${wrong === '' ? '' : 'wrong'}" data-label=${field.title} tabindex=${editable ? (enterable ? '0' : '-1') : nothing} title=${wrong === '' ? nothing : wrong} aria-invalid=${wrong === '' ? nothing : 'true'}
      @click=${() => editable && this.#go(place)} @focus=${() => editable && this.#go(place)}>${value === null || value === '' ? nothing : value === line[field.key] ? this.#shown(slot, field, line, value) : value}</td>`
  }

  /** In a table that is edited a click goes into the cell, so links are text there. */
  #shown(slot: FieldSlot, field: UiField, line: Line, value: Json): unknown {
    const view = slot.viewOf(field.type)
    const shown = { ...slot, field, record: line }
    if (slot.disabled || field.masked) return view.cell(value, shown)
    const text = view.text(value, shown)
    return typeof text === 'string' ? text : until(text, '…')
  }

  #inner(slot: FieldSlot, field: UiField, line: Line, row: number, wrong: string): FieldSlot {
    return {
      timeZone: slot.timeZone, lookup: slot.lookup, viewOf: slot.viewOf,
      field, value: line[field.key] ?? null, label: '', help: '', error: wrong, autofocus: true, disabled: false,
      required: field.required,
      change: (value) => {
        this.#change(withCell(this.#lines, row, field.key, value))
        if (value !== null) this.#mark([...this.unread].filter(([at]) => at !== `/${row}/${field.key}`))
      },
      touch: () => {},
      unread: (text) => this.#mark([...[...this.unread].filter(([at]) => at !== `/${row}/${field.key}`), ...(text === null ? [] : [[`/${row}/${field.key}`, text] as const])]),
    }
  }

  #totals(slot: FieldSlot, fields: readonly UiField[], lines: readonly Line[]): TemplateResult | typeof nothing {
    const totals = fields.map((field) => totalOf(lines, field))
    if (totals.every((total) => total === null)) return nothing
    return html`<tfoot><tr><th scope="row" class="line-number"><span class="visually-hidden">${t('lines.total')}</span>Σ</th>${fields.map((field, i) => {
      const total = totals[i] ?? null
      return html`<td class=${slot.viewOf(field.type).align} data-label=${field.title}>${total === null ? nothing : slot.viewOf(field.type).cell(total, { ...slot, field })}</td>`
    })}${slot.disabled ? nothing : html`<td class="line-acts"></td>`}</tr></tfoot>`
  }

  // ── what is wrong ──

  #wrong(slot: FieldSlot, row: number, key: string): string {
    return slot.inner?.[`/${row}/${key}`] ?? ''
  }

  #wrongIn(slot: FieldSlot, row: number): string {
    const inner = Object.entries(slot.inner ?? {}).filter(([path]) => path.startsWith(`/${row}/`) || path === `/${row}`)
    return JSON.stringify([inner, [...this.unread].filter(([place]) => place.startsWith(`/${row}/`))])
  }

  /** Each problem with its place, as the way to its cell. */
  #problems(slot: FieldSlot, fields: readonly UiField[]): TemplateResult | typeof nothing {
    const found = Object.entries(slot.inner ?? {}).map(([path, message]) => ({ row: Number(path.split('/')[1]), key: path.split('/')[2] ?? '', message }))
    const all = found.toSorted((a, b) => a.row - b.row).slice(0, problemsShown)
    if (all.length === 0 && slot.error === '') return nothing
    return html`<div role="alert"><ul class="lines-wrong">
      ${slot.error === '' ? nothing : html`<li>${slot.error}</li>`}
      ${all.map(({ row, key, message }) => {
        const column = fields.findIndex((field) => field.key === key)
        const title = fields[column]?.title ?? ''
        return html`<li><button type="button" class="plain" @click=${() => this.#go({ row, column: Math.max(0, column) })}>${t('lines.place', { row: row + 1 })}${title === '' ? '' : ` · ${title}`}</button> ${message}</li>`
      })}
      ${found.length > all.length ? html`<li class="quiet">${t('list.bulkMore', { count: found.length - all.length })}</li>` : nothing}
    </ul></div>`
  }

  /** These texts are not understood, and no others: the form is told what is new and what is settled. */
  #mark(texts: Iterable<readonly [at: string, text: string]>): void {
    const [before, after] = [this.unread, new Map(texts)]
    this.unread = after
    for (const at of before.keys()) if (!after.has(at)) this.slotted?.unread?.(null, at)
    for (const [at, text] of after) if (before.get(at) !== text) this.slotted?.unread?.(text, at, this.#fieldAt(at))
  }

  #fieldAt(at: string): UiField | undefined {
    const child = this.slotted === undefined ? undefined : this.#child(this.slotted)
    return child?.fields.find(({ key }) => key === at.split('/')[2])
  }

  /** The texts go with their rows. @param to where a row stands now; null: it is gone */
  #renumber(to: (row: number) => number | null): void {
    this.#mark([...this.unread].flatMap(([at, text]) => {
      const [, row, key = ''] = at.split('/')
      const now = to(Number(row))
      return now === null ? [] : [[`/${now}/${key}`, text] as const]
    }))
  }

  // ── rows ──

  #add(child: UiEntity, fields: readonly UiField[], row: number): void {
    if (!child.may.create || this.#lines.length >= linesMost) return
    this.#change(withLine(this.#lines, row, freshLine(fields)))
    this.#go({ row, column: Math.max(0, fields.findIndex((field) => field.createable)) })
  }

  #remove(row: number): void {
    const line = this.#lines[row]
    if (line === undefined) return
    this.at = null
    this.#change(withoutLine(this.#lines, row))
    this.#renumber((old) => (old === row ? null : old > row ? old - 1 : old))
    toastUndo(t('lines.removed', { row: row + 1 }), () => this.#putBack(Math.min(row, this.#lines.length), line))
  }

  #putBack(row: number, line: Line): void {
    this.#change(withLine(this.#lines, row, line))
    this.#renumber((old) => (old >= row ? old + 1 : old))
  }

  #move(row: number, by: 1 | -1): void {
    const lines = moved(this.#lines, row, by)
    if (lines === this.#lines) return
    this.#change(lines)
    this.#renumber((old) => (old === row ? row + by : old === row + by ? row : old))
    if (this.at?.row === row) this.#go({ ...this.at, row: row + by })
  }

  // ── keyboard ──

  #go(place: Place): void {
    if (this.at?.row === place.row && this.at.column === place.column) return
    this.at = place
    // What is typed replaces the value, as in every spreadsheet; the field takes the focus in the next frame.
    requestAnimationFrame(() => requestAnimationFrame(() => this.querySelector<HTMLInputElement>('td.here input')?.select()))
  }

  #left(event: FocusEvent, slot: FieldSlot): void {
    const next = event.relatedTarget
    if (next instanceof Node && !this.contains(next) && !(next instanceof Element && next.closest('vaadin-combo-box-overlay, vaadin-date-picker-overlay'))) {
      this.at = null
      slot.touch()
    }
  }

  #key(event: KeyboardEvent, child: UiEntity, fields: readonly UiField[]): void {
    const { at } = this
    if (at === null || event.isComposing) return
    const picking = event.composedPath().some((node) => node instanceof HTMLElement && 'opened' in node && node.opened === true)
    if (picking && event.key !== 'Tab') return
    const done = (): void => {
      event.preventDefault()
      event.stopPropagation()
    }
    const command = event.ctrlKey || event.metaKey
    // Nothing is left to delete in a cell whose text was not understood: the text itself is given up.
    if (event.key === 'Backspace' || (event.key === 'Delete' && !command)) this.#giveUp(event, `/${at.row}/${fields[at.column]?.key ?? ''}`)
    if (event.key === 'Enter' && !command) {
      done()
      if (at.row + 1 < this.#lines.length) this.#go({ ...at, row: at.row + 1 })
      else this.#add(child, fields, this.#lines.length)
    } else if (event.key === 'Escape') {
      done()
      this.at = null
    } else if (event.key === 'Tab') this.#tab(event.shiftKey ? -1 : 1, at, child, fields, done)
    else if (event.key === 'Delete' && command) {
      done()
      this.#remove(at.row)
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      done()
      const by = event.key === 'ArrowUp' ? -1 : 1
      if (event.altKey) this.#move(at.row, by)
      else if (this.#lines[at.row + by] !== undefined) this.#go({ ...at, row: at.row + by })
    } else if ((event.key === 'ArrowLeft' || event.key === 'ArrowRight') && atEdge(event)) this.#tab(event.key === 'ArrowLeft' ? -1 : 1, at, child, fields, done)
  }

  #giveUp({ target }: KeyboardEvent, at: string): void {
    if (target instanceof HTMLInputElement && target.value === '') this.#mark([...this.unread].filter(([place]) => place !== at))
  }

  /** To the next cell that can be edited; behind the last one the key leaves the table. */
  #tab(by: 1 | -1, at: Place, child: UiEntity, fields: readonly UiField[], done: () => void): void {
    const lines = this.#lines
    for (let index = at.row * fields.length + at.column + by; index >= 0 && index < lines.length * fields.length; index += by) {
      const place = { row: Math.floor(index / fields.length), column: index % fields.length }
      const [line, field] = [lines[place.row], fields[place.column]]
      if (line === undefined || field === undefined || !this.#mayEdit(child, field, line)) continue
      done()
      this.#go(place)
      return
    }
  }

  // ── paste ──

  /** A block of cells goes to the right of and below the cell where the person is; lines that are missing are added. */
  async #paste(event: ClipboardEvent, slot: FieldSlot, child: UiEntity, fields: readonly UiField[]): Promise<void> {
    const text = event.clipboardData?.getData('text/plain') ?? ''
    if (slot.disabled || !/[\t\n]/.test(text.trim())) return
    event.preventDefault()
    event.stopPropagation()
    const start = this.at ?? { row: this.#lines.length, column: 0 }
    const pasted = cellsOf(text)
    const block = pasted.slice(0, linesMost - start.row)
    const read = await this.#read(block, reader(slot, fields, start.column))
    let lines = [...this.#lines]
    const unread = new Map(this.unread)
    for (const [i, cells] of read.entries()) {
      const row = start.row + i
      if (lines[row] === undefined && !child.may.create) break
      const line: Record<string, Json> = { ...(lines[row] ?? freshLine(fields)) }
      for (const [j, value] of cells.entries()) {
        const field = fields[start.column + j]
        if (field === undefined || !this.#mayEdit(child, field, line)) continue
        line[field.key] = value ?? null
        if (value === undefined) unread.set(`/${row}/${field.key}`, block[i]?.[j] ?? '')
        else unread.delete(`/${row}/${field.key}`)
      }
      lines = [...lines.slice(0, row), line, ...lines.slice(row + 1)]
    }
    this.at = null
    this.#change(lines)
    this.#mark(unread)
    toast(t(pasted.length > block.length ? 'lines.pastedSome' : 'lines.pasted', { count: number(read.length), left: number(pasted.length - block.length), limit: number(linesMost) }))
  }

  /** The cells of a block as values; undefined for those that are not understood. Names are asked for at the engine: it is shown how far that is. */
  async #read(block: readonly (readonly string[])[], understood: (cell: string, column: number) => Promise<Json | undefined>): Promise<readonly (readonly (Json | undefined)[])[]> {
    this.reading = { done: 0, total: block.length }
    const read = await Promise.all(block.map(async (cells) => {
      const values = await Promise.all(cells.map(understood))
      if (this.reading !== null) this.reading = { ...this.reading, done: this.reading.done + 1 }
      return values
    }))
    this.reading = null
    return read
  }
}

/** Reads the cells of pasted rows. The same text in the same column means the same, so records are looked for once. */
function reader(slot: FieldSlot, fields: readonly UiField[], from: number): (cell: string, column: number) => Promise<Json | undefined> {
  const known = new Map<string, Promise<Json | undefined>>()
  return (cell, column) => {
    const place = `${column}/${cell}`
    const read = known.get(place) ?? readCell(slot, fields[from + column], cell)
    known.set(place, read)
    return read
  }
}

/** The value that a pasted text means for a field; undefined when it is not understood, also where nobody can say: one such cell costs none of the others. */
async function readCell(slot: FieldSlot, field: UiField | undefined, text: string): Promise<Json | undefined> {
  if (field === undefined) return undefined
  const trimmed = text.trim()
  if (trimmed === '') return null
  const view = slot.viewOf(field.type)
  if (view.parse === undefined) return trimmed
  try {
    return await view.parse(trimmed, { ...slot, field })
  } catch {
    return undefined
  }
}

/** True when the caret can't go further in the direction of the arrow, or when there is none. */
function atEdge(event: KeyboardEvent): boolean {
  const [target] = event.composedPath()
  if (!(target instanceof HTMLInputElement)) return true
  const { selectionStart, selectionEnd, value } = target
  if (selectionStart === null) return event.key === 'ArrowRight' || value === ''
  return selectionStart === selectionEnd && selectionStart === (event.key === 'ArrowLeft' ? 0 : value.length)
}

declare global {
  interface HTMLElementTagNameMap {
    'lines-editor': LinesEditor
  }
}
