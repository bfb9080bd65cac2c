/** A condition on what a run knows: comparisons by eye, or a formula. */
import '../formulas/formula-entry.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Json } from '../../../metadata/contract/json.js'
import type { UiField } from '../../../metadata/contract/ui-model.js'
import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import type { Surroundings } from '../../fields/contract.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { entry, shownField } from '../entry.js'
import type { OfferedFunction } from '../draft/definitions.js'
import { literalField } from './literal.js'
import type { Source } from '../workflows/sources.js'
import { runLanguage } from './run-language.js'
import { bare, comparisons, readTests, writeTests, type Comparison, type DataTest } from './tests.js'
import { insertChips, sourceSelect } from './value-editor.js'

/** `<data-test-editor .label .source .sources>`; fires `source` (detail: the text; '' for none). */
@customElement('data-test-editor')
export class DataTestEditor extends LightElement {
  static override properties = { surroundings: { attribute: false }, label: {}, source: {}, written: {}, sources: { attribute: false }, functions: { attribute: false }, error: {}, asText: { state: true } }
  declare surroundings: Surroundings
  declare label: string
  /** As it stands in the workflow. */
  declare source: string
  /** Language of expressions; comparisons by eye are CEL. */
  declare written: 'cel' | 'jq'
  declare sources: readonly Source[]
  declare functions: readonly OfferedFunction[]
  declare error: string
  declare asText: boolean

  constructor() {
    super()
    this.label = ''
    this.source = ''
    this.written = 'cel'
    this.sources = []
    this.functions = []
    this.error = ''
    this.asText = false
    new Watch(this, language)
  }

  override render(): TemplateResult {
    const tests = this.written === 'cel' ? readTests(this.source) : null
    return html`
      <fieldset class="row-group">
        <legend>${this.label}</legend>
        ${tests === null || this.asText ? this.#text() : html`${tests.map((test, index) => this.#row(tests, test, index))}<div class="row-tools">
          <button type="button" class="plain accent" ?disabled=${this.sources.length === 0} @click=${() => this.#add(tests)}>${icon('plus')}${t('process.addCondition')}</button>
          <button type="button" class="plain" @click=${() => (this.asText = true)}>${t('process.asFormula')}</button></div>`}
        ${this.error === '' ? nothing : html`<p class="wrong" role="alert">${this.error}</p>`}
      </fieldset>
    `
  }

  #row(tests: readonly DataTest[], test: DataTest, index: number): TemplateResult {
    const source = this.sources.find(({ path }) => path === test.path)
    const put = (changed: Partial<DataTest>): void => this.#tell(writeTests(tests.with(index, { ...test, ...changed })))
    const without = test.comparison === 'empty' || test.comparison === 'filled'
    return html`<div class="entry-row">
      ${sourceSelect(this.sources, test.path, t('process.compared'), (path) => this.#tell(writeTests(tests.with(index, this.#test(path)))))}
      <button type="button" class="plain icon-only" aria-label=${t('process.removeCondition', { name: source?.title ?? test.path })} @click=${() => this.#tell(tests.length === 1 ? '' : writeTests(tests.toSpliced(index, 1)))}>${icon('close')}</button>
      <select class="plain-select wide" aria-label=${t('process.howCompared')} @change=${(event: Event) => put(compared(test, (event.target as HTMLSelectElement).value as Comparison, source))}>
        ${comparisons.map((one) => html`<option value=${one} ?selected=${one === test.comparison}>${t(`process.comparison.${one}`)}</option>`)}</select>
      ${without ? nothing : html`<div class="wide">${entry(this.surroundings, { field: valueField(source), value: test.value, compares: true, change: (value) => put({ value: literalOf(value) }) })}</div>`}
    </div>`
  }

  #add(tests: readonly DataTest[]): void {
    // What the step before gave, or the item of a loop, stands last: it is what people ask about.
    const fitting = this.sources.filter(({ field, list }) => field !== null || list)
    const source = fitting.find(({ group }) => group === fitting.at(-1)?.group) ?? this.sources[0]
    if (source !== undefined) this.#tell(writeTests([...tests, this.#test(source.path)]))
  }

  #test(path: string): DataTest {
    return this.sources.find((source) => source.path === path)?.list === true ? { path, comparison: 'empty', value: 0 } : { path, comparison: '==', value: '' }
  }

  #text(): TemplateResult {
    return html`
      <formula-entry .label=${this.label} .value=${bare(this.source)} .wrong=${this.error !== ''} .offered=${runLanguage(this.sources, this.functions)} @formula=${(event: CustomEvent<string>) => this.#tell(event.detail)}></formula-entry>
      ${insertChips(this.sources, this.functions, (text) => this.querySelector('formula-entry')?.insert(text))}
      ${this.asText && readTests(this.source) !== null ? html`<div class="row-tools"><button type="button" class="plain" @click=${() => (this.asText = false)}>${t('process.byEye')}</button></div>` : nothing}
    `
  }

  #tell(source: string): void {
    const next = source.trim() === '' ? '' : this.written === 'jq' ? `\${ ${source} }` : source
    if (next === this.source) return
    this.source = next
    this.dispatchEvent(new CustomEvent<string>('source', { detail: next }))
  }
}

const valueField = (source: Source | undefined): UiField => (source?.field === undefined || source.field === null ? shownField('value', t('process.value'), 'text') : { ...literalField(source.field, source.entity), title: t('process.value'), required: false })

const literalOf = (value: Json): string | number | boolean => (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string' ? value : '')

/** A list is empty when it holds nothing; anything else when it has no value. */
const compared = (test: DataTest, comparison: Comparison, source: Source | undefined): Partial<DataTest> =>
  comparison === 'empty' || comparison === 'filled' ? { comparison, value: source?.list === true || test.value === 0 ? 0 : null } : { comparison, value: test.value ?? '' }

declare global {
  interface HTMLElementTagNameMap {
    'data-test-editor': DataTestEditor
  }
}
