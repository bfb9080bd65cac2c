/** The workbench for translations: every text of a language with where it stands, what is missing and what is behind. */
import './texts-page.css'
import '@vaadin/button'
import './language-dialog.js'
import './taken-dialog.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'

import { language, languageTitle, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { emptyState } from '../../shell/pages.js'
import { router } from '../../shell/router.js'
import { ask, tell } from '../../ui/dialogs.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { saveFile } from '../../ui/save-file.js'
import { toast, toastProblem } from '../../ui/toast.js'
import { setTranslation } from '../commands/set-field.js'
import { withTranslations } from '../commands/set-translations.js'
import type { Desk } from '../desk.js'
import { addressOf, textLanguages } from '../draft/definitions.js'
import { grouped } from '../grouped.js'
import { layerTitle, placeText, Titles } from '../words.js'
import { confirmed, earlierKey, percentDone, progressOf, translatedTexts, type Earlier, type TextState, type Translated } from './catalog.js'
import { takenFrom } from './taken.js'
import { fromXliff, toXliff } from './xliff.js'

const ownLanguage = 'en'
/** Rows that are drawn at first, and with every press of the button below them. */
const shownAtOnce = 150

/** `<texts-page .desk>`: the language stands in the address. */
@customElement('texts-page')
export class TextsPage extends LightElement {
  static override properties = { desk: { attribute: false }, q: { state: true }, only: { state: true }, layer: { state: true }, shown: { state: true }, earlier: { state: true } }
  declare desk: Desk | undefined
  declare q: string
  declare only: TextState | ''
  /** Layer that a text is of; '' for all. */
  declare layer: string
  declare shown: number
  declare earlier: Earlier
  #asked = -1

  constructor() {
    super()
    this.q = ''
    this.only = ''
    this.layer = ''
    this.shown = shownAtOnce
    this.earlier = new Map()
    new Watch(this, language)
  }

  get #language(): string {
    const { desk } = this
    const tags = textLanguages(desk?.design.draft.documents ?? {})
    const asked = new URLSearchParams(desk?.query ?? '').get('language') ?? ''
    return tags.includes(asked) ? asked : (tags.find((tag) => tag === language.value) ?? tags[0] ?? '')
  }

  override willUpdate(): void {
    const version = this.desk?.design.published.version
    if (this.desk === undefined || version === undefined || version === this.#asked) return
    this.#asked = version
    void this.#lookBack(this.desk)
  }

  async #lookBack({ client }: Desk): Promise<void> {
    try {
      const { body } = await client.api.get<{ readonly behind: readonly { readonly language: string; readonly path: string; readonly place: string; readonly was: string }[] }>('/api/definitions/texts')
      this.earlier = new Map(body.behind.map(({ language: tag, path, place, was }) => [earlierKey(tag, path, place), was]))
    } catch (thrown) {
      toastProblem(thrown)
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { desk } = this
    if (desk === undefined) return nothing
    const { draft, published } = desk.design
    const tags = textLanguages(draft.documents)
    const now = this.#language
    const byTag = new Map(tags.map((tag) => [tag, translatedTexts(draft.documents, published.documents, tag, this.earlier)] as const))
    const texts = byTag.get(now) ?? []
    return html`
      <header class="studio-head">
        <div><h1>${t('texts.title')}</h1><p class="quiet">${t('texts.lead')}</p></div>
        <span class="grow"></span>
        ${now === '' ? nothing : html`
          <vaadin-button @click=${() => saveFile(`${now}.xlf`, new Blob([toXliff(texts, ownLanguage, now)], { type: 'application/xliff+xml' }))}>${icon('download', 'prefix')}${t('texts.export')}</vaadin-button>
          <label class="plain upload-button" title=${t('texts.importHelp')}>${icon('upload')}${t('texts.import')}<input class="visually-hidden" type="file" accept=".xlf,.xliff" @change=${(event: Event) => void this.#import(desk, event)} /></label>`}
        <vaadin-button theme="primary" @click=${() => void this.#addLanguage(desk, tags)}>${icon('plus', 'prefix')}${t('texts.addLanguage')}</vaadin-button>
      </header>
      <div class="texts-body">
        ${tags.length === 0 ? emptyState({ icon: 'language', title: t('texts.none'), text: t('texts.noneText') }) : html`
          <nav class="text-languages" aria-label=${t('texts.languages')}>${[...byTag].map(([tag, all]) => this.#languageCard(tag, all, tag === now))}</nav>
          ${this.#tools(desk, texts)}
          ${this.#list(desk, texts, now)}`}
      </div>
    `
  }

  #languageCard(tag: string, texts: readonly Translated[], isNow: boolean): TemplateResult {
    const progress = progressOf(texts)
    const percent = percentDone(progress)
    return html`<a href=${`/studio/texts?language=${encodeURIComponent(tag)}`} aria-current=${isNow ? 'true' : nothing}>
      <strong>${languageTitle(tag)}</strong><span class="quiet">${t('texts.progress', { percent: String(percent), missing: progress.missing, changed: progress.changed })}</span>
      <progress max="100" value=${percent} aria-label=${languageTitle(tag)}></progress></a>`
  }

  #tools({ design: { published } }: Desk, texts: readonly Translated[]): TemplateResult {
    const { missing, changed, total } = progressOf(texts)
    const states: readonly (readonly [TextState | '', string])[] = [['', t('texts.all', { count: total })], ['missing', t('texts.missing', { count: missing })], ['changed', t('texts.changed', { count: changed })], ['done', t('texts.done', { count: total - missing - changed })]]
    const searched = (event: InputEvent): void => {
      this.q = event.target instanceof HTMLInputElement ? event.target.value : ''
      this.shown = shownAtOnce
    }
    return html`<div class="text-tools">
      <label class="palette-search">${icon('search')}<input type="search" aria-label=${t('texts.find')} placeholder=${t('texts.find')} .value=${this.q} @input=${searched} /></label>
      <div class="view-tabs" role="group" aria-label=${t('texts.state')}>${states.map(([state, title]) => html`<button type="button" class="plain" aria-pressed=${this.only === state ? 'true' : 'false'} @click=${() => (this.only = state)}>${title}</button>`)}</div>
      <label class="text-layer"><span class="visually-hidden">${t('texts.layer')}</span><select class="plain-select" name="layer" @change=${(event: Event) => (this.layer = (event.target as HTMLSelectElement).value)}>
        <option value="">${t('texts.allLayers')}</option>${published.layers.map((name) => html`<option value=${name} ?selected=${name === this.layer}>${layerTitle(name)}</option>`)}</select></label>
    </div>`
  }

  #list(desk: Desk, all: readonly Translated[], tag: string): TemplateResult {
    const { draft, published } = desk.design
    const titles = new Titles(draft.documents, published.documents)
    const q = this.q.trim().toLowerCase()
    const fits = ({ path, place, text, translation, state }: Translated): boolean =>
      (this.only === '' || state === this.only) && (q === '' || [text, translation, path, place].some((part) => part.toLowerCase().includes(q))) && (this.layer === '' || this.#layerOf(desk, path, place) === this.layer)
    const found = all.filter(fits)
    if (found.length === 0) return emptyState({ icon: 'check', title: t('texts.nothing'), text: t('texts.nothingText') })
    const groups = grouped(found.slice(0, this.shown), ({ path }) => path)
    return html`<div class="text-rows" @keydown=${(event: KeyboardEvent) => this.#moved(event)}>
      ${repeat(groups, ([path]) => path, ([path, texts]) => html`
        <section aria-label=${placeText(path, titles)}><h2><a href=${addressOf(path)}>${placeText(path, titles)}</a></h2>
          ${repeat(texts, ({ place }) => place, (text) => this.#row(desk, text, tag))}</section>`)}
      ${found.length > this.shown ? html`<button type="button" class="plain accent" @click=${() => (this.shown += shownAtOnce)}>${t('texts.more', { count: found.length - this.shown })}</button>` : nothing}
    </div>`
  }

  #layerOf({ design: { published } }: Desk, path: string, place: string): string {
    const marks = published.provenance[path] ?? {}
    for (let at = place; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
      const layer = marks[at]
      if (layer !== undefined) return layer
    }
    return Object.values(marks)[0] ?? 'studio'
  }

  #row({ perform }: Desk, row: Translated, tag: string): TemplateResult {
    const { path, place, text, implied, translation, state, was, lacks } = row
    const typed = (event: InputEvent): void => {
      const value = (event.target as HTMLTextAreaElement).value
      perform((documents) => setTranslation(documents, tag, path, place, value), `text:${tag}:${path}${place}`)
    }
    return html`
      <div class="text-row" data-state=${state}>
        <div class="text-source"><span class=${implied ? 'quiet' : ''}>${text}</span>
          ${was === '' ? nothing : html`<small class="quiet">${t('texts.was', { text: was })}</small>`}
          ${lacks.length === 0 ? nothing : html`<small class="quiet">${t('texts.lacks', { marks: lacks.join(' ') })}</small>`}
          <a class="text-place" href=${addressOf(`${path}#${place}`)} title=${t('texts.show')}>${place}</a></div>
        <textarea class="plain-input" rows=${Math.max(1, Math.ceil(text.length / 60))} lang=${tag} aria-label=${t('texts.translationOf', { text })} .value=${translation} @input=${typed}></textarea>
        <div class="text-state"><span class="badge" data-color=${state === 'done' ? 'green' : state === 'changed' ? 'amber' : ''}>${t(`texts.state.${state}`)}</span>
        ${state === 'changed' && was !== '' ? html`<button type="button" class="plain accent" aria-label=${t('texts.stillRightOf', { text })} @click=${() => perform((documents) => confirmed(documents, tag, row))}>${t('texts.stillRight')}</button>` : nothing}</div>
      </div>`
  }

  /** Enter goes on to the next text, with Shift back; a line break is Alt and Enter. */
  #moved(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.altKey || event.isComposing || !(event.target instanceof HTMLTextAreaElement)) return
    event.preventDefault()
    const inputs = [...this.querySelectorAll<HTMLTextAreaElement>('.text-row textarea')]
    inputs[inputs.indexOf(event.target) + (event.shiftKey ? -1 : 1)]?.focus()
  }

  async #addLanguage({ perform }: Desk, tags: readonly string[]): Promise<void> {
    const dialog = document.createElement('language-dialog')
    dialog.taken = [ownLanguage, ...tags]
    const tag = await dialog.open()
    if (tag === null) return
    perform((documents) => withTranslations(documents, tag, []))
    await router.go(`/studio/texts?language=${encodeURIComponent(tag)}`)
  }

  /** Only what the file says otherwise is changed; what does not fit any more is left out and shown. */
  async #import(desk: Desk, event: Event): Promise<void> {
    const input = event.target as HTMLInputElement
    const file = fromXliff((await input.files?.[0]?.text()) ?? '')
    input.value = ''
    if (typeof file === 'string') return tell({ title: t('texts.notRead'), text: t(`texts.notRead.${file}`) })
    const { design: { draft, published }, perform } = desk
    const { language: tag } = file
    const name = languageTitle(tag)
    if (tag === ownLanguage) return tell({ title: t('texts.notRead'), text: t('texts.notRead.own', { language: name }) })
    if (!textLanguages(draft.documents).includes(tag) && !(await ask({ title: t('texts.newLanguage', { language: name }), text: t('texts.newLanguageText', { language: name }), yes: t('texts.addLanguage'), no: t('cancel') }))) return
    const taken = takenFrom(file.texts, translatedTexts(draft.documents, published.documents, tag, this.earlier))
    perform((documents) => withTranslations(documents, tag, taken.taken))
    await router.go(`/studio/texts?language=${encodeURIComponent(tag)}`)
    if (taken.outdated.length + taken.unknown.length === 0) return toast(t('texts.imported', { count: taken.taken.length }))
    const dialog = document.createElement('taken-dialog')
    Object.assign(dialog, { taken, language: tag })
    await dialog.open()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'texts-page': TextsPage
  }
}
