/** How a file is read and where its columns go, with the first rows beside it. */
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiEntity, UiField, UiModel } from '../../metadata/contract/ui-model.js'
import { language, number, t } from '../client/i18n.js'
import { zoneName, zonesWith } from '../client/zones.js'
import { Watch } from '../client/store.js'
import { readNumber } from '../fields/number-text.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import type { Changes } from './import-client.js'
import { rowWords } from './row-words.js'
import { targets, withColumn, type Imported, type ImportHabits, type ImportMode, type Preview } from './import-state.js'

const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'gb18030', 'windows-1252'] as const
const encodingNames: Readonly<Record<string, string>> = { 'utf-8': 'UTF-8', 'utf-16le': 'UTF-16', 'utf-16be': 'UTF-16 BE', gb18030: 'GB18030 (中文)', 'windows-1252': 'Latin-1' }
const separators = [',', ';', '\t', '|'] as const
const separatorKeys = { ',': 'import.comma', ';': 'import.semicolon', '\t': 'import.tab', '|': 'import.bar' } as const
const dateOrders = ['ymd', 'dmy', 'mdy'] as const
const decimalKeys = { '.': 'import.decimalPoint', ',': 'import.decimalComma' } as const
const quotes = ['"', "'", ''] as const

/** The last row of a file that can have the titles. */
const headerLast = 1000

/** Sample cells that are shown for a column. */
const samples = 3

/** `<import-columns .entity .model .imported .preview .saving>`; says `changes`. */
@customElement('import-columns')
export class ImportColumns extends LightElement {
  static override properties = { entity: { attribute: false }, model: { attribute: false }, imported: { attribute: false }, preview: { attribute: false }, saving: { attribute: false } }
  declare entity: UiEntity | undefined
  declare model: UiModel | undefined
  declare imported: Imported | undefined
  declare preview: Preview | null
  declare saving: boolean

  constructor() {
    super()
    this.preview = null
    this.saving = false
    new Watch(this, language)
  }

  #say(changes: Changes): void {
    this.dispatchEvent(new CustomEvent('changes', { detail: changes }))
  }

  override render(): TemplateResult | typeof nothing {
    const { entity, imported } = this
    if (entity === undefined || imported === undefined) return nothing
    return html`
      <section class="card" aria-labelledby="import-way" aria-busy=${this.saving ? 'true' : 'false'}>
        <h2 id="import-way">${t('import.way')}</h2>
        ${this.#way(entity, imported)}
        <details class="reading"><summary>${this.#readingText(imported.settings)}</summary>${this.#reading(imported)}</details>
      </section>
      <section class="card" aria-labelledby="import-columns">
        <h2 id="import-columns">${t('import.columns')}</h2>
        <p class="quiet">${t('import.columnsText')}</p>
        ${this.#columns(entity, imported)}
      </section>
    `
  }

  #way(entity: UiEntity, imported: Imported): TemplateResult {
    const { mode, key } = imported.settings
    const possible: readonly ImportMode[] = [...(entity.may.create ? (['create'] as const) : []), ...(entity.may.update ? (['update'] as const) : []), ...(entity.may.create && entity.may.update ? (['upsert'] as const) : [])]
    const keys = imported.keys.flatMap((name) => entity.fields.find((field) => field.key === name) ?? [])
    const choose = (next: ImportMode): void => this.#say({ mode: next, ...(next !== 'create' && key === null ? { key: this.#likelyKey(imported) } : {}) })
    return html`
      <div class="modes" role="radiogroup" aria-label=${t('import.way')}>${possible.map((one) => html`
        <label class="choice-card mode"><input type="radio" name="mode" .checked=${one === mode} @change=${() => choose(one)} /><span><strong>${t(`import.mode.${one}`)}</strong><small>${t(`import.modeText.${one}`)}</small></span></label>`)}</div>
      ${mode === 'create' ? nothing : html`
        <label class="line"><span>${t('import.key')}</span>
          <select class="plain-select" @change=${(event: Event) => this.#say({ key: valueOf(event) || null })}>
            <option value="" ?selected=${key === null}>${t('import.keyNone')}</option>
            ${keys.map((field) => html`<option value=${field.key} ?selected=${field.key === key}>${field.title}</option>`)}
          </select></label>`}
    `
  }

  /** The unique field that a column goes to already. */
  #likelyKey({ keys, settings }: Imported): string | null {
    return keys.find((key) => settings.columns.some(({ field }) => field === key)) ?? null
  }

  #readingText({ reading, habits }: Imported['settings']): string {
    const source = reading.format === 'xlsx'
      ? t('import.readXlsx', { sheet: reading.sheet ?? '' })
      : t('import.readCsv', { separator: t(separatorKeys[(reading.separator ?? ',') as keyof typeof separatorKeys]), encoding: encodingNames[reading.encoding ?? ''] ?? '' })
    return [source, t(`import.dates.${habits.dates}`), ...(reading.format === 'csv' ? [t(decimalKeys[habits.decimal])] : []), habits.timeZone].join(' · ')
  }

  #reading({ settings: { reading, habits }, sheets }: Imported): TemplateResult {
    const select = (label: string, choices: readonly (readonly [string, string])[], chosen: string, say: (value: string) => void): TemplateResult => html`
      <label class="line"><span>${label}</span><select class="plain-select" @change=${(event: Event) => say(valueOf(event))}>${choices.map(([value, text]) => html`<option value=${value} ?selected=${value === chosen}>${text}</option>`)}</select></label>`
    return html`
      ${reading.format === 'xlsx' ? select(t('import.sheet'), sheets.map((name) => [name, name]), reading.sheet ?? '', (sheet) => this.#say({ reading: { sheet } })) : html`
        ${select(t('import.separator'), separators.map((one) => [one, t(separatorKeys[one])]), reading.separator ?? '', (separator) => this.#say({ reading: { separator } }))}
        ${select(t('import.encoding'), encodings.map((one) => [one, encodingNames[one] ?? one]), reading.encoding ?? '', (encoding) => this.#say({ reading: { encoding } }))}
        ${select(t('import.quote'), quotes.map((one) => [one, one === '' ? t('import.quoteNone') : one]), reading.quote ?? '', (quote) => this.#say({ reading: { quote } }))}`}
      <label class="line"><span>${t('import.header')}</span><input class="plain-input" inputmode="numeric" autocomplete="off" .value=${String(reading.header)} @change=${(event: Event) => this.#header(event.target as HTMLInputElement)} /><small>${t('import.headerText')}</small></label>
      ${select(t('import.dates'), dateOrders.map((one) => [one, t(`import.dates.${one}`)]), habits.dates, (dates) => this.#say({ habits: { dates: dates as ImportHabits['dates'] } }))}
      ${reading.format === 'xlsx' ? nothing : select(t('import.decimal'), (['.', ','] as const).map((one) => [one, t(decimalKeys[one])]), habits.decimal, (decimal) => this.#say({ habits: { decimal: decimal as ImportHabits['decimal'] } }))}
      ${select(t('import.zone'), zonesWith(habits.timeZone).map((one) => [one, zoneName(one)]), habits.timeZone, (timeZone) => this.#say({ habits: { timeZone } }))}
    `
  }

  #header(input: HTMLInputElement): void {
    const row = readNumber(input.value)
    const isRow = row !== undefined && Number.isInteger(row) && row >= 0 && row <= headerLast
    input.setCustomValidity(isRow ? '' : t('import.headerWrong', { text: input.value, last: headerLast }))
    input.reportValidity()
    if (isRow) this.#say({ reading: { header: row } })
  }

  #columns(entity: UiEntity, imported: Imported): TemplateResult {
    const { settings, titles, keys } = imported
    const fields = targets(entity, settings.mode, settings.key === 'id' ? [...keys, 'id'] : keys)
    return html`
      <ul class="columns">${titles.map((title, column) => {
        const chosen = settings.columns.find((one) => one.column === column)
        const field = fields.find((one) => one.key === chosen?.field)
        const cells = (this.preview?.rows ?? []).map(({ cells: { [column]: cell = '' } }) => cell).filter((cell) => cell.trim() !== '').slice(0, samples)
        const problems = this.#problemsOf(entity, title === '' ? (field?.title ?? '') : title)
        const name = title === '' ? t('import.column', { number: column + 1 }) : title
        return html`
          <li data-used=${chosen === undefined ? nothing : ''}>
            <span class="column-name"><strong>${name}</strong><small title=${cells.join('\n')}>${cells.length > 0 ? cells.join(' · ') : this.preview === null ? '…' : t('import.noCells')}</small></span>
            ${icon('arrowRight')}
            <span class="column-target">
              <select class="plain-select" aria-label=${t('import.goesTo', { column: name })} @change=${(event: Event) => this.#say({ columns: withColumn(settings.columns, column, valueOf(event), '') })}>
                <option value="" ?selected=${chosen === undefined}>${t('import.nowhere')}</option>
                ${fields.map((one) => html`<option value=${one.key} ?selected=${one.key === chosen?.field}>${one.title}${one.required ? ' *' : ''}</option>`)}
              </select>
              ${field === undefined || chosen === undefined ? nothing : this.#by(field, column, chosen.by, imported)}
            </span>
            ${problems.length === 0 ? nothing : html`<ul class="row-problems">${problems.map(({ row, message }) => html`<li><span class="row-number">${number(row)}</span>${message}</li>`)}</ul>`}
          </li>`
      })}</ul>`
  }

  #by(field: UiField, column: number, by: string, { settings }: Imported): TemplateResult | typeof nothing {
    const target = field.to ?? field.listOf
    const other = target === undefined ? undefined : this.model?.entities[target]
    if (other === undefined) return nothing
    const display = other.fields.find(({ key }) => key === other.display)
    return html`
      <select class="plain-select" aria-label=${t('import.by', { field: field.title })} @change=${(event: Event) => this.#say({ columns: withColumn(settings.columns, column, field.key, valueOf(event)) })}>
        <option value="" ?selected=${by === ''}>${t('import.byAny')}</option>
        ${display === undefined ? nothing : html`<option value=${display.key} ?selected=${by === display.key}>${t('import.byField', { field: display.title })}</option>`}
        ${by === '' || by === 'id' || by === display?.key ? nothing : html`<option value=${by} selected>${t('import.byField', { field: other.fields.find(({ key }) => key === by)?.title ?? by })}</option>`}
        <option value="id" ?selected=${by === 'id'}>${t('import.byId')}</option>
      </select>`
  }

  #problemsOf(entity: UiEntity, title: string): readonly { readonly row: number; readonly message: string }[] {
    return (this.preview?.rows ?? []).flatMap(({ row, problems }) => problems.filter(({ column }) => column === title).map((problem) => ({ row, message: rowWords(problem, entity) }))).slice(0, samples)
  }
}

const valueOf = (event: Event): string => (event.target as HTMLSelectElement | HTMLInputElement).value

declare global {
  interface HTMLElementTagNameMap {
    'import-columns': ImportColumns
  }
}
