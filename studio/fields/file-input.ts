/** Enters files: chosen, dropped or pasted, sent at once with progress; the value changes when they are there. */
import './file-input.css'

import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { until } from 'lit/directives/until.js'

import type { Json } from '../../metadata/contract/json.js'
import { language, number, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { describeProblem } from '../ui/toast.js'
import type { FieldSlot } from './contract.js'
import { filesIn, iconOf, isPicture, sizeText, type FileShown } from './file-value.js'
import { showPictures } from './picture-dialog.js'

/** A file on its way. */
interface Sending {
  readonly key: number
  readonly file: File
  /** From 0 to 1. */
  readonly part: number
  readonly error: string
  readonly stop: AbortController
}

/** `<file-input .slotted .pictures>`; `pictures`: only such files are offered, and they are shown. */
@customElement('file-input')
export class FileInput extends LightElement {
  static override properties = { slotted: { attribute: false }, pictures: { attribute: false }, sending: { state: true }, over: { state: true }, removed: { state: true } }
  declare slotted: FieldSlot | undefined
  declare pictures: boolean
  declare sending: readonly Sending[]
  /** True while something is dragged over it. */
  declare over: boolean
  /** What was removed last, with the value before. */
  declare removed: { readonly name: string; readonly before: Json } | null
  #next = 0
  /** What was sent from here is shown from here: no record holds it yet. */
  readonly #local = new Map<number, string>()
  readonly #warn = (event: BeforeUnloadEvent): void => {
    if (this.sending.some(({ error }) => error === '')) event.preventDefault()
  }

  constructor() {
    super()
    this.pictures = false
    this.sending = []
    this.over = false
    this.removed = null
    new Watch(this, language)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    window.addEventListener('beforeunload', this.#warn)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.removeEventListener('beforeunload', this.#warn)
    for (const { stop } of this.sending) stop.abort()
    for (const address of this.#local.values()) URL.revokeObjectURL(address)
    this.#local.clear()
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('slotted') && this.slotted?.autofocus === true && changed.get('slotted') === undefined) this.querySelector('button')?.focus()
  }

  get #several(): boolean {
    return this.slotted?.field.options['multiple'] === true
  }

  get #accept(): readonly string[] {
    const kinds = this.slotted?.field.options['accept']
    return this.pictures ? ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'] : Array.isArray(kinds) ? (kinds as readonly Json[]).map(String) : []
  }

  override render(): TemplateResult | typeof nothing {
    const slot = this.slotted
    if (slot === undefined) return nothing
    const files = filesIn(slot.value)
    const id = `files-${slot.field.key}`
    return html`
      <div class="files ${this.over ? 'over' : ''} ${slot.error === '' ? '' : 'invalid'}" role="group" aria-labelledby="${id}-label" aria-describedby="${id}-help"
        @dragover=${(event: DragEvent) => this.#drag(event, true)} @dragleave=${(event: DragEvent) => this.#drag(event, false)} @drop=${(event: DragEvent) => this.#drop(event)} @paste=${(event: ClipboardEvent) => this.#paste(event)} @focusout=${() => slot.touch()}>
        <span class="files-label ${slot.label === '' ? 'visually-hidden' : ''}" id="${id}-label">${slot.label === '' ? slot.field.title : slot.label}${slot.required ? html`<span aria-hidden="true"> •</span>` : nothing}</span>
        ${files.length === 0 ? nothing : html`<ul class="files-list ${this.pictures ? 'pictures' : ''}">${files.map((file, i) => this.#held(slot, files, file, i))}</ul>`}
        ${this.sending.length === 0 ? nothing : html`<ul class="files-sending">${this.sending.map((one) => this.#underway(one))}</ul>`}
        ${this.removed === null ? nothing : html`<p class="files-removed" role="status">${t('field.file.removed', { name: this.removed.name })} <button type="button" class="plain accent" @click=${() => this.#undo(slot)}>${t('field.file.undo')}</button></p>`}
        ${slot.disabled ? nothing : this.#chooser(files.length)}
        <span class="files-help" id="${id}-help">${slot.error === '' ? slot.help : html`<span class="files-error" role="alert">${slot.error}</span>`}</span>
      </div>
    `
  }

  #chooser(count: number): TemplateResult {
    const words = this.pictures ? (this.#several ? 'field.file.chooseImages' : 'field.file.chooseImage') : this.#several ? 'field.file.chooseMany' : 'field.file.choose'
    return html`
      <div class="files-drop">
        <button type="button" class="button" @click=${() => this.querySelector<HTMLInputElement>('input[type=file]')?.click()}>${icon('upload')}${t(!this.#several && count > 0 ? 'field.file.replace' : words)}</button>
        <span class="quiet">${t(this.#several ? 'field.file.dropMany' : 'field.file.drop')}</span>
        <input type="file" hidden tabindex="-1" ?multiple=${this.#several} accept=${this.#accept.join(',')} @change=${(event: Event) => this.#chosen(event.currentTarget as HTMLInputElement)} />
      </div>
    `
  }

  #held(slot: FieldSlot, files: readonly FileShown[], file: FileShown, index: number): TemplateResult {
    const small = this.#address(slot, file, 320)
    const face = isPicture(file)
      ? html`<button type="button" class="file-face" title=${t('field.file.larger', { name: file.name })} aria-label=${t('field.file.larger', { name: file.name })} @click=${() => this.#enlarge(slot, files, file)}>${until(small.then((address) => (address === null ? icon(iconOf(file)) : html`<img src=${address} alt="" />`)), icon(iconOf(file)))}</button>`
      : html`<span class="file-face">${icon(iconOf(file))}</span>`
    return html`
      <li>
        ${face}
        <span class="file-words"><button type="button" class="file-name" title=${file.name} @click=${() => void this.#open(slot, file)}>${file.name}</button><small>${sizeText(file.size, language.value)}</small></span>
        ${slot.disabled ? nothing : html`<button type="button" class="plain icon-only" title=${t('field.file.remove', { name: file.name })} aria-label=${t('field.file.remove', { name: file.name })} @click=${() => this.#remove(slot, files, index)}>${icon('close')}</button>`}
      </li>
    `
  }

  #underway({ key, file, part, error, stop }: Sending): TemplateResult {
    const forget = (): void => {
      stop.abort()
      this.sending = this.sending.filter((one) => one.key !== key)
    }
    const percent = number(part, { style: 'percent' })
    return html`
      <li class=${error === '' ? '' : 'failed'}>
        <span class="file-face">${icon('upload')}</span>
        <span class="file-words"><span class="file-name">${file.name}</span>${error === '' ? html`<progress max="1" .value=${part} aria-label=${t('field.file.sending', { name: file.name, percent })}></progress>` : html`<small class="files-error" role="alert">${error}</small>`}</span>
        ${error === '' ? html`<small>${percent}</small>` : html`<button type="button" class="plain accent" @click=${() => { forget(); this.#send([file]) }}>${t('field.file.retry')}</button>`}
        <button type="button" class="plain icon-only" title=${t(error === '' ? 'field.file.stop' : 'field.file.dismiss', { name: file.name })} aria-label=${t(error === '' ? 'field.file.stop' : 'field.file.dismiss', { name: file.name })} @click=${forget}>${icon('close')}</button>
      </li>
    `
  }

  #address(slot: FieldSlot, file: FileShown, size?: 320 | 1200): Promise<string | null> {
    const local = this.#local.get(file.id)
    return local !== undefined ? Promise.resolve(local) : (slot.files?.address(slot.field, undefined, file.id, size) ?? Promise.resolve(null))
  }

  async #open(slot: FieldSlot, file: FileShown): Promise<void> {
    const address = await this.#address(slot, file)
    if (address !== null) window.open(address, '_blank', 'noopener')
  }

  #enlarge(slot: FieldSlot, files: readonly FileShown[], file: FileShown): void {
    const all = files.filter(isPicture)
    showPictures(all.map((one) => ({ name: one.name, large: () => this.#address(slot, one, 1200), full: () => this.#address(slot, one) })), all.indexOf(file))
  }

  // ── what comes in ──

  #drag(event: DragEvent, over: boolean): void {
    if (this.slotted?.disabled === true || event.dataTransfer?.types.includes('Files') !== true) return
    event.preventDefault()
    this.over = over
  }

  #drop(event: DragEvent): void {
    this.#drag(event, false)
    if (event.defaultPrevented) this.#send([...(event.dataTransfer?.files ?? [])])
  }

  #paste(event: ClipboardEvent): void {
    const files = [...(event.clipboardData?.files ?? [])]
    if (files.length === 0 || this.slotted?.disabled === true) return
    event.preventDefault()
    this.#send(files)
  }

  #chosen(input: HTMLInputElement): void {
    const files = [...(input.files ?? [])]
    input.value = '' // the same file may be chosen again
    this.#send(files)
  }

  #send(files: readonly File[]): void {
    for (const file of this.#several ? files : files.slice(0, 1)) void this.#sendOne(file)
  }

  async #sendOne(file: File): Promise<void> {
    const slot = this.slotted
    if (slot?.files === undefined) return
    const key = (this.#next += 1)
    const stop = new AbortController()
    const error = this.#refusal(slot, file)
    this.sending = [...this.sending, { key, file, part: 0, error, stop }]
    if (error !== '') return
    const change = (more: Partial<Sending>): void => void (this.sending = this.sending.map((one) => (one.key === key ? { ...one, ...more } : one)))
    try {
      const sent = await slot.files.upload(slot.field, file, (part) => change({ part }), stop.signal)
      const [facts] = filesIn(sent)
      if (facts === undefined || !this.isConnected) return
      if (file.type.startsWith('image/')) this.#local.set(facts.id, URL.createObjectURL(file))
      this.sending = this.sending.filter((one) => one.key !== key)
      this.removed = null
      this.slotted?.change(this.#several ? [...filesIn(this.slotted.value).map((one) => ({ ...one })), sent] : sent)
    } catch (thrown) {
      if (!stop.signal.aborted) change({ error: describeProblem(thrown) })
    }
  }

  /** What can be said before anything is sent; '' when nothing speaks against it. */
  #refusal(slot: FieldSlot, file: File): string {
    const { maxSize, maxFiles } = slot.field.options
    if (typeof maxSize === 'number' && file.size > maxSize * 1_000_000) return t('field.file.tooLarge', { limit: sizeText(maxSize * 1_000_000, language.value) })
    if (typeof maxFiles === 'number' && this.#several && filesIn(slot.value).length + this.sending.filter((one) => one.error === '').length >= maxFiles) return t('field.file.tooMany', { count: maxFiles })
    const fits = this.#accept.length === 0 || file.type === '' || this.#accept.some((kind) => kind === file.type || (kind.endsWith('/*') && file.type.startsWith(kind.slice(0, -1))))
    return fits ? '' : t('field.file.kind')
  }

  #remove(slot: FieldSlot, files: readonly FileShown[], index: number): void {
    const rest = files.filter((_, i) => i !== index).map((file) => ({ ...file }))
    this.removed = { name: files[index]?.name ?? '', before: slot.value ?? null }
    slot.change(this.#several && rest.length > 0 ? rest : null)
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('.files-removed button')?.focus())
  }

  #undo(slot: FieldSlot): void {
    const before = this.removed?.before ?? null
    this.removed = null
    slot.change(before)
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('.files-list button')?.focus())
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'file-input': FileInput
  }
}
