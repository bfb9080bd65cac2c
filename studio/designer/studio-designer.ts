/** Where administrators shape the system. Everything below `/studio` is this element's. */
import './studio-designer.css'
import './parts.css'
import '../ui/dialog.css'
import '@vaadin/button'
import './help/first-hour-guide.js'
import './help/help-panel.js'
import './versions/plan-dialog.js'
import './draft/stale-dialog.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { language, speakOfDesign, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import type { Surroundings } from '../fields/contract.js'
import { viewOf } from '../fields/index.js'
import { lookupFor } from '../fields/lookup.js'
import { emptyState, missingPage } from '../shell/pages.js'
import { recordPath } from '../shell/routes.js'
import { facesOf, Presence } from '../work/presence.js'
import { ask } from '../ui/dialogs.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { describeProblem, toast, toastProblem } from '../ui/toast.js'
import { areaOf, areas, people } from './areas.js'
import { changedPaths, wholeDocuments } from './draft/definitions.js'
import type { Attempt } from './entities/trial.js'
import { draftClient } from './draft/draft-client.js'
import { draftOf, type Design, type DraftStore } from './draft/draft-store.js'
import type { Desk } from './desk.js'
import type { Perform } from './entities/field-panel.js'
import type { UpgradeBody } from './layers/upgrade.js'
import { Titles } from './words.js'

// The element is there once it can be read.
await speakOfDesign()

/** `<studio-designer .client .model .path .query>`: `path` are the parts of the address after `/studio`. */
@customElement('studio-designer')
export class StudioDesigner extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, path: { attribute: false }, query: {} }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare path: readonly string[]
  declare query: string
  #store: DraftStore | null = null
  #surroundings: Surroundings | null = null
  #shown: readonly unknown[] = []
  #client: Client | undefined
  #stops: (() => void)[] = []
  #asking = false
  readonly #presence = new Presence(this)
  readonly #perform: Perform = (command, name = '') => {
    const documents = this.#store?.design.value?.draft.documents
    if (documents !== undefined) this.#store?.perform(command(documents), name)
  }
  readonly #attempt: Attempt = (entity, key, property) => (this.#store === null ? Promise.reject(new Error('no draft is open')) : this.#store.attempt(entity, key, property))
  readonly #pressed = (event: KeyboardEvent): void => this.#shortcut(event)

  constructor() {
    super()
    this.path = []
    this.query = ''
    new Watch(this, language)
  }

  override willUpdate(): void {
    const { client, model } = this
    if (client === undefined || model === undefined) return
    this.#surround(client, model, this.#store?.design.value?.drafted ?? model)
    if (this.#store !== null || !model.mayDesign) return
    this.#store = draftOf(client)
    this.#watch(this.#store)
    void this.#store.load()
  }

  /** What inputs are handed follows the draft: a reference may lead to what is not in force yet. */
  #surround(client: Client, model: UiModel, drafted: UiModel): void {
    if (this.#shown[0] === model && this.#shown[1] === drafted) return
    this.#shown = [model, drafted]
    this.#client = draftClient(client, model)
    this.#surroundings = { timeZone: client.session.user?.timeZone ?? '', viewOf, lookup: lookupFor(this.#client, drafted, recordPath) }
  }

  override updated(): void {
    const area = areaOf(this.path)
    if (area !== undefined && this.model !== undefined) document.title = `${t(area.title)} · ${this.model.title}`
    const design = this.#store?.design.value ?? null
    if (this.client !== undefined && design !== null) this.#presence.inStudio(this.client, changedPaths(design.published.documents, design.draft.documents).length > 0)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    document.addEventListener('keydown', this.#pressed)
    if (this.#store !== null) this.#watch(this.#store)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    document.removeEventListener('keydown', this.#pressed)
    for (const stop of this.#stops) stop()
    this.#stops = []
    // Nothing is lost on the way out: what is unsaved is sent now.
    void this.#store?.flush()
  }

  #watch(store: DraftStore): void {
    for (const stop of this.#stops) stop()
    this.#stops = [store.design.subscribe(() => this.#designChanged(store)), store.failure.subscribe(() => this.#failed(store))]
  }

  #designChanged(store: DraftStore): void {
    this.requestUpdate()
    const saving = store.design.value?.saving
    if (saving?.state === 'stale' && !this.#asking) void this.#resolve(store)
  }

  #failed(store: DraftStore): void {
    this.requestUpdate()
    if (store.failure.value !== null && store.design.value !== null) toastProblem(store.failure.value)
  }

  async #resolve(store: DraftStore): Promise<void> {
    const design = store.design.value
    if (design?.saving.state !== 'stale') return
    this.#asking = true
    const dialog = document.createElement('stale-dialog')
    dialog.conflicts = design.saving.conflicts
    dialog.titles = new Titles(design.draft.documents, design.published.documents)
    const prefer = await dialog.open()
    this.#asking = false
    if (prefer !== null) await store.rebase(prefer).catch(toastProblem)
  }

  override render(): TemplateResult | typeof nothing {
    const { client, model, query } = this
    const store = this.#store
    const surroundings = this.#surroundings
    if (client === undefined || model === undefined || surroundings === null) return nothing
    if (!model.mayDesign) return html`<div class="studio-body">${people({ client, model, surroundings }, this.path.slice(1)) ?? missingPage()}</div>`
    if (store === null) return nothing
    const design = store.design.value
    if (design === null) return this.#starting(store)
    const desk: Desk = {
      client: this.#client ?? client, model, drafted: design.drafted ?? model, design, store, surroundings, query, perform: this.#perform, attempt: this.#attempt,
      review: (restore) => void this.#publish(store, design, restore),
      upgrade: (upgrade) => this.#publish(store, design, null, upgrade),
    }
    const page = areaOf(this.path)?.page(desk, this.path.slice(1))
    return html`${this.#bar(store, design)}<div class="studio-body">${page ?? missingPage()}</div><first-hour-guide .desk=${desk}></first-hour-guide>`
  }

  async #help(): Promise<void> {
    const panel = document.createElement('help-panel')
    panel.path = this.path
    if ((await panel.open()) === 'hour') this.querySelector('first-hour-guide')?.begin()
  }

  #starting(store: DraftStore): TemplateResult {
    const failure = store.failure.value
    if (failure === null) return html`<div class="page-skeleton" role="status" aria-busy="true" aria-label=${t('loading')}></div>`
    return html`<div class="page-center">${emptyState({ icon: 'warning', title: t('problem.unknown'), text: describeProblem(failure), action: html`<button type="button" class="plain accent" @click=${() => void store.load()}>${icon('refresh')}${t('retry')}</button>` })}</div>`
  }

  #bar(store: DraftStore, design: Design): TemplateResult {
    const changes = changedPaths(design.published.documents, design.draft.documents).length
    const here = areaOf(this.path)
    return html`
      <div class="studio-bar" role="toolbar" aria-label=${t('designer.tools')}>
        <nav class="view-tabs" aria-label=${t('shell.studio')}>
          ${areas.filter(({ inner }) => inner !== true).map((area) => html`<a href=${area.address} title=${t(area.title)} aria-current=${area === here ? 'true' : nothing}>${icon(area.icon)}<span>${t(area.title)}</span></a>`)}
        </nav>
        <span class="grow"></span>
        ${facesOf(this.#presence.others, ({ name, editing }) => t(editing ? 'designer.presence.edits' : 'designer.presence.here', { name }))}
        <button type="button" class="plain icon-only" title=${t('help.title')} aria-label=${t('help.title')} @click=${() => void this.#help()}>${icon('help')}</button>
        <span class="save-state quiet" role="status" data-state=${design.saving.state}>${this.#saveText(design, changes)}</span>
        <button type="button" class="plain icon-only" title=${t('undo')} aria-label=${t('undo')} ?disabled=${design.draft.done.length === 0} @click=${() => store.undo()}>${icon('restore')}</button>
        <button type="button" class="plain icon-only flipped" title=${t('designer.redo')} aria-label=${t('designer.redo')} ?disabled=${design.draft.undone.length === 0} @click=${() => store.redo()}>${icon('restore')}</button>
        ${changes === 0 ? nothing : html`<button type="button" class="plain icon-only" title=${t('designer.discard')} aria-label=${t('designer.discard')} @click=${() => void this.#discard(store)}>${icon('trash')}</button>`}
        ${design.problems.length === 0 ? nothing : html`<button type="button" class="badge" data-color="red" aria-label=${t('designer.problemCount', { count: design.problems.length })} @click=${() => void this.#publish(store, design, null)}><span class="narrow">${icon('warning')}${design.problems.length}</span><span class="wide">${t('designer.problemCount', { count: design.problems.length })}</span></button>`}
        <vaadin-button theme="primary" ?disabled=${changes === 0} @click=${() => void this.#publish(store, design, null)}><span class="wide">${t('designer.review')}</span><span class="narrow">${t('designer.reviewShort')}</span></vaadin-button>
      </div>
    `
  }

  #saveText(design: Design, changes: number): string {
    if (design.saving.state === 'waiting') return t('designer.save.waiting')
    if (design.saving.state === 'saving') return t('designer.save.saving')
    if (design.saving.state === 'stale') return t('designer.save.stale')
    return changes === 0 ? t('designer.save.none') : t('designer.save.saved')
  }

  /** True when something was published. */
  async #publish(store: DraftStore, design: Design, restore: number | null, upgrade: UpgradeBody | null = null): Promise<boolean> {
    const { client } = this
    if (client === undefined) return false
    if (restore !== null && changedPaths(design.published.documents, design.draft.documents).length > 0 && !(await this.#leaveDraft(store))) return false
    const dialog = document.createElement('plan-dialog')
    dialog.client = client
    dialog.store = store
    dialog.restore = restore
    dialog.upgrade = upgrade
    dialog.titles = new Titles(wholeDocuments(design.draft.documents, design.inferred), design.published.documents)
    const done = await dialog.open()
    if (done === null) return false
    toast(t('designer.published', { version: String(done.version) }))
    await Promise.all([store.published(), client.model.load()]).catch(toastProblem)
    return true
  }

  /** Going back with an open draft would mix two sets of changes. */
  async #leaveDraft(store: DraftStore): Promise<boolean> {
    const yes = await ask({ title: t('designer.discardTitle'), text: t('designer.discardFirst'), yes: t('designer.discard'), no: t('cancel'), danger: true })
    if (yes) await store.discard()
    return yes
  }

  async #discard(store: DraftStore): Promise<void> {
    const yes = await ask({ title: t('designer.discardTitle'), text: t('designer.discardText'), yes: t('designer.discard'), no: t('cancel'), danger: true })
    if (yes) await store.discard().catch(toastProblem)
  }

  #shortcut(event: KeyboardEvent): void {
    const typing = event.composedPath().some((node) => node instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName))
    if (typing || event.key.toLowerCase() !== 'z' || !(event.ctrlKey || event.metaKey) || document.querySelector('dialog[open]') !== null) return
    event.preventDefault()
    if (event.shiftKey) this.#store?.redo()
    else this.#store?.undo()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'studio-designer': StudioDesigner
  }
}
