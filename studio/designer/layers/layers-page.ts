/** The layers that the system is made of: what each says, two of them or two versions side by side, and the studio's as files. */
import './layers-page.css'
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { emptyState } from '../../shell/pages.js'
import { router } from '../../shell/router.js'
import { ask, tell } from '../../ui/dialogs.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { saveFile } from '../../ui/save-file.js'
import { describeProblem, toast, toastProblem } from '../../ui/toast.js'
import { setValue } from '../commands/set-value.js'
import type { Desk } from '../desk.js'
import { addressOf, belowOf, changedPaths } from '../draft/definitions.js'
import { keysOf, pointer, valueAt, type Documents, type Operation } from '../draft/operations.js'
import { grouped } from '../grouped.js'
import { historyAddress } from '../versions/definition-history.js'
import { changeText, layerTitle, placeText, Titles, type DefinitionChange } from '../words.js'
import { archiveOf, type LayerFiles } from './archive.js'
import { chosenFiles } from './chosen-files.js'

interface ComparedChange extends DefinitionChange {
  readonly layers: readonly { readonly layer: string; readonly value: Json }[]
}

type Compared = { readonly state: 'loading' } | { readonly state: 'failed'; readonly reason: string } | { readonly state: 'ready'; readonly changes: readonly ComparedChange[] }

/** `<layers-page .desk>`: the sides that are compared stand in the address. */
@customElement('layers-page')
export class LayersPage extends LightElement {
  static override properties = { desk: { attribute: false }, compared: { state: true }, versions: { state: true } }
  declare desk: Desk | undefined
  declare compared: Compared
  declare versions: readonly number[]
  #asked: { readonly from: string; readonly to: string; readonly version: number; readonly documents: Documents } | null = null

  constructor() {
    super()
    this.compared = { state: 'loading' }
    this.versions = []
    new Watch(this, language)
  }

  /** The layer below the studio's, and what the draft makes of it. */
  get #sides(): { readonly from: string; readonly to: string } {
    const query = new URLSearchParams(this.desk?.query ?? '')
    const lower = this.desk?.design.published.layers.findLast((name) => name !== 'studio') ?? ''
    return { from: query.get('from') ?? `layer:${lower}`, to: query.get('to') ?? 'draft' }
  }

  override willUpdate(): void {
    const { desk } = this
    // The engine compares what it has.
    if (desk === undefined || desk.design.saving.state !== 'saved') return
    const { from, to } = this.#sides
    const { published, draft } = desk.design
    if (this.#asked?.from === from && this.#asked.to === to && this.#asked.version === published.version && this.#asked.documents === draft.documents) return
    this.#asked = { from, to, version: published.version, documents: draft.documents }
    void this.#load(desk, from, to)
  }

  async #load({ client }: Desk, from: string, to: string): Promise<void> {
    const asked = this.#asked
    try {
      const [compared, versions] = await Promise.all([
        client.api.get<{ readonly changes: readonly ComparedChange[] }>('/api/definitions/compare', { query: { from, to } }),
        this.versions.length > 0 ? null : client.api.get<{ readonly versions: readonly { readonly version: number }[] }>('/api/definitions/versions'),
      ])
      if (asked !== this.#asked) return
      if (versions !== null) this.versions = versions.body.versions.map(({ version }) => version)
      this.compared = { state: 'ready', changes: compared.body.changes }
    } catch (thrown) {
      this.compared = { state: 'failed', reason: describeProblem(thrown) }
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { desk, compared } = this
    if (desk === undefined) return nothing
    return html`
      <header class="studio-head">
        <div><h1>${t('layers.title')}</h1><p class="quiet">${t('layers.lead')}</p></div>
        <span class="grow"></span>
        <vaadin-button @click=${() => void this.#upgrade(desk)}>${icon('layers', 'prefix')}${t('layers.upgrade.begin')}</vaadin-button>
        <vaadin-button @click=${() => void this.#download(desk)}>${icon('download', 'prefix')}${t('layers.download')}</vaadin-button>
        <label class="plain upload-button" title=${t('layers.uploadHelp')}>${icon('upload')}${t('layers.upload')}<input class="visually-hidden" type="file" accept=".zip" @change=${(event: Event) => void this.#upload(desk, event)} /></label>
        <label class="plain upload-button" title=${t('layers.uploadHelp')}>${icon('upload')}${t('layers.uploadFolder')}<input class="visually-hidden" type="file" webkitdirectory @change=${(event: Event) => void this.#upload(desk, event)} /></label>
      </header>
      <div class="layers-body">
        ${this.#stack(desk)}
        ${this.#question(desk)}
        ${compared.state === 'loading' ? html`<p class="quiet" aria-busy="true">${t('loading')}</p>` : nothing}
        ${compared.state === 'failed' ? emptyState({ icon: 'warning', title: t('problem.unknown'), text: compared.reason }) : nothing}
        ${compared.state === 'ready' ? this.#changes(desk, compared.changes) : nothing}
      </div>
    `
  }

  #stack({ design: { published } }: Desk): TemplateResult {
    const says = (layer: string): number => Object.values(published.provenance).filter((marks) => Object.values(marks).includes(layer)).length
    return html`<ol class="layer-stack" aria-label=${t('layers.stack')}>${published.layers.map((layer) => html`
      <li><span class="tile">${icon('layers')}</span><span><strong>${layerTitle(layer)}</strong><small class="quiet">${t('layers.says', { count: says(layer) })}</small></span></li>`)}</ol>`
  }

  #question({ design: { published } }: Desk): TemplateResult {
    const { from, to } = this.#sides
    const offered: readonly (readonly [string, string])[] = [
      ...published.layers.map((name) => [`layer:${name}`, t('layers.upTo', { layer: layerTitle(name) })] as const),
      ['published', t('layers.published', { version: String(published.version) })], ['draft', t('layers.draft')],
      ...this.versions.map((version) => [String(version), t('designer.version', { version: String(version) })] as const),
    ]
    const choose = (side: 'from' | 'to', value: string): void => void router.go(`/studio/layers?${new URLSearchParams({ from, to, [side]: value }).toString()}`)
    const select = (side: 'from' | 'to', chosen: string): TemplateResult => html`<label><span>${t(`layers.${side}`)}</span><select class="plain-select" name=${side} @change=${(event: Event) => choose(side, (event.target as HTMLSelectElement).value)}>
      ${offered.map(([value, title]) => html`<option value=${value} ?selected=${value === chosen}>${title}</option>`)}</select></label>`
    return html`<div class="layer-question" role="group" aria-label=${t('layers.compare')}>${select('from', from)}${icon('arrowRight')}${select('to', to)}</div>`
  }

  #changes(desk: Desk, changes: readonly ComparedChange[]): TemplateResult {
    if (changes.length === 0) return emptyState({ icon: 'check', title: t('layers.same'), text: t('layers.sameText') })
    const titles = new Titles(desk.design.draft.documents, desk.design.published.documents)
    const groups = grouped(changes, ({ path }) => path.split('#')[0] ?? '')
    return html`<p class="quiet" role="status">${t('layers.differences', { count: changes.length, definitions: groups.size })}</p>
      ${[...groups].map(([path, own]) => html`
        <section class="layer-group" aria-label=${path}>
          <header><h2><a href=${addressOf(path)}>${placeText(path, titles)}</a></h2><code>${path}</code><span class="grow"></span>
            <a class="plain" href=${historyAddress(path)}>${icon('history')}${t('history.title')}</a>
            ${this.#resets(desk, path) ? html`<button type="button" class="plain accent" @click=${() => this.#reset(desk, path, [])}>${icon('restore')}${t('layers.resetAll')}</button>` : nothing}</header>
          <ul class="change-list">${own.map((change) => this.#change(desk, change, titles))}</ul>
        </section>`)}`
  }

  #change(desk: Desk, change: ComparedChange, titles: Titles): TemplateResult {
    const [path = '', place = ''] = change.path.split('#')
    const value = (label: string, said: Json | undefined, kind: string): TemplateResult | typeof nothing => (said === undefined ? nothing : html`<div class="layer-value"><span class="badge">${label}</span><pre class=${kind}>${written(said)}</pre></div>`)
    return html`
      <li><div class="layer-change"><a href=${addressOf(change.path)}>${changeText(change, titles)}</a>
        ${this.#resets(desk, path) && place !== '' ? html`<button type="button" class="plain" title=${t('layers.reset')} @click=${() => this.#reset(desk, path, keysOf(place))}>${icon('restore')}${t('layers.reset')}</button>` : nothing}</div>
        <details><summary><code>${place === '' ? path : place}</code></summary>
          ${change.layers.length > 0
            ? change.layers.map(({ layer, value: said }) => value(layerTitle(layer), said, ''))
            : html`${value(t('designer.before'), change.before, 'before')}${value(t('designer.after'), change.after, 'after')}`}
        </details></li>
    `
  }

  /** Whether what differs here can be taken back to what the layers below say: they say something of it, and the draft is looked at. */
  #resets({ design }: Desk, path: string): boolean {
    return this.#sides.to === 'draft' && this.#sides.from.startsWith('layer:') && this.#sides.from !== 'layer:studio' && belowOf(design.published, path) !== undefined
  }

  #reset({ design, perform }: Desk, path: string, keys: readonly string[]): void {
    const below = belowOf(design.published, path)
    if (below === undefined) return
    perform((documents): readonly Operation[] => (keys.length === 0
      ? [{ op: documents[path] === undefined ? 'add' : 'replace', path: pointer(path), value: below }]
      : setValue(documents, [path, ...keys], valueAt(below, keys))))
  }

  async #upgrade(desk: Desk): Promise<void> {
    await import('./upgrade-dialog.js')
    const dialog = document.createElement('upgrade-dialog')
    dialog.desk = desk
    await dialog.open()
  }

  async #download({ client, store }: Desk): Promise<void> {
    try {
      await store.flush()
      const { body } = await client.api.get<{ readonly layer: LayerFiles }>('/api/definitions/draft')
      saveFile('studio.zip', new Blob([await archiveOf('studio', body.layer)], { type: 'application/zip' }))
    } catch (thrown) {
      toastProblem(thrown)
    }
  }

  async #upload(desk: Desk, event: Event): Promise<void> {
    const input = event.target as HTMLInputElement
    const chosen = [...(input.files ?? [])]
    if (chosen.length === 0) return
    try {
      const { layer, broken, ignored } = await chosenFiles(chosen)
      input.value = ''
      if (broken.length > 0 || Object.keys(layer).length === 0) return await tell({ title: t('layers.notRead'), text: broken.length > 0 ? t('layers.broken', { files: broken.slice(0, 10).join(', ') }) : t('layers.nothing') })
      const changed = changedPaths(desk.design.published.documents, desk.design.draft.documents).length > 0
      if (changed && !(await ask({ title: t('layers.replaceTitle'), text: t('layers.replaceText'), yes: t('layers.replace'), no: t('cancel'), danger: true }))) return
      await desk.store.flush()
      await desk.client.api.send('PUT', '/api/definitions/draft/layer', { body: { documents: layer as JsonObject }, ifMatch: `"${desk.design.base}"` })
      await desk.store.load()
      toast([t('layers.uploaded', { count: Object.keys(layer).length }), ignored.length === 0 ? '' : t('layers.ignored', { files: ignored.slice(0, 5).join(', ') })].join(' '))
    } catch (thrown) {
      input.value = ''
      toastProblem(thrown)
    }
  }
}

const written = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 2))

declare global {
  interface HTMLElementTagNameMap {
    'layers-page': LayersPage
  }
}
