/** Which language is added. */
import '@vaadin/button'

import { html, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { languageName, t } from '../../client/i18n.js'
import { Modal } from '../../ui/modal.js'
import { canonical } from './language-tag.js'

/** Offered by name; any other tag may be typed. */
const offered = ['zh', 'zh-Hant', 'ja', 'ko', 'de', 'fr', 'es', 'pt', 'it', 'nl', 'pl', 'ru', 'tr', 'ar', 'hi', 'id', 'th', 'vi']

/** Answers the BCP 47 tag. */
@customElement('language-dialog')
export class LanguageDialog extends Modal<string> {
  static override properties = { taken: { attribute: false }, tag: { state: true } }
  declare taken: readonly string[]
  declare tag: string

  constructor() {
    super()
    this.taken = []
    this.tag = ''
  }

  protected override get label(): string {
    return t('texts.addLanguage')
  }

  protected override content(): TemplateResult {
    const tag = canonical(this.tag)
    const error = this.tag === '' ? '' : tag === null ? t('texts.tagWrong') : this.taken.includes(tag) ? t('texts.tagTaken') : ''
    const done = (): void => {
      if (tag !== null && error === '' && this.tag !== '') this.close(tag)
    }
    return html`
      <header class="dialog-head"><h2>${this.label}</h2></header>
      <div class="dialog-body panel-fields">
        <label><span>${t('texts.tag')}</span><input class="plain-input" name="tag" list="text-tags" autocomplete="off" aria-describedby="text-tag-help" aria-invalid=${error === '' ? 'false' : 'true'} .value=${this.tag}
          @input=${(event: InputEvent) => (this.tag = (event.target as HTMLInputElement).value.trim())} @keydown=${(event: KeyboardEvent) => event.key === 'Enter' && done()} /></label>
        <datalist id="text-tags">${offered.filter((one) => !this.taken.includes(one)).map((one) => html`<option value=${one}>${languageName(one)}</option>`)}</datalist>
        <small id="text-tag-help" class=${error === '' ? 'quiet' : 'wrong'}>${error === '' ? (tag === null || this.tag === '' ? t('texts.tagHelp') : languageName(tag)) : error}</small>
      </div>
      <footer class="dialog-foot">
        <vaadin-button theme="tertiary" @click=${() => this.close(null)}>${t('cancel')}</vaadin-button>
        <vaadin-button theme="primary" ?disabled=${this.tag === '' || error !== ''} @click=${done}>${t('texts.addLanguage')}</vaadin-button>
      </footer>
    `
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'language-dialog': LanguageDialog
  }
}
