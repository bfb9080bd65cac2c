/** What the reader is asked to decide, and what they asked themselves: of one record, or all of it. */
import './approval-card.js'
import './approval-list.css'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'

import type { Approval } from '../../metadata/contract/approval.js'
import type { UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { language, t } from '../client/i18n.js'
import { Refresh } from '../client/refresh.js'
import { Watch } from '../client/store.js'
import { emptyState } from '../shell/pages.js'
import { LightElement } from '../ui/light-element.js'
import { describeProblem, toastProblem } from '../ui/toast.js'

type Loaded = { readonly state: 'loading' } | { readonly state: 'failed'; readonly reason: string } | { readonly state: 'ready'; readonly approvals: readonly Approval[]; readonly next: string | null }

/**
 * `<approval-list .client .model .record .all .quiet>`. `record`: `member/7`, only what is about it; `all`: also what is decided; `quiet`: says
 * nothing when there is nothing, and shows only what waits for the reader or was asked by them. Fires `waiting` (detail: how many of those that
 * are shown wait for the reader) when that is known and when it changes.
 */
@customElement('approval-list')
export class ApprovalList extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, record: { attribute: false }, all: { attribute: false }, quiet: { attribute: false }, loaded: { state: true } }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare record: string
  declare all: boolean
  declare quiet: boolean
  declare loaded: Loaded
  #asked = ''

  constructor() {
    super()
    this.record = ''
    this.all = false
    this.quiet = false
    this.loaded = { state: 'loading' }
    new Watch(this, language)
    new Refresh(this, { pauseMs: 0, listen: (news) => this.client?.model.told.subscribe(news), ask: () => this.#load(null) })
  }

  override willUpdate(): void {
    const wanted = `${this.record} ${String(this.all)} ${language.value}`
    if (this.client === undefined || wanted === this.#asked) return
    this.#asked = wanted
    void this.#load(null)
  }

  async #load(cursor: string | null): Promise<void> {
    const { client, record, all, quiet } = this
    if (client === undefined) return
    try {
      const page = await client.approvals.page({ all, ...(record === '' ? {} : { record }), ...(cursor === null ? {} : { cursor }) })
      const before = cursor !== null && this.loaded.state === 'ready' ? this.loaded.approvals : []
      this.loaded = { state: 'ready', approvals: [...before, ...page.approvals], next: page.next }
    } catch (thrown) {
      if (cursor !== null) toastProblem(thrown)
      else this.loaded = quiet ? { state: 'ready', approvals: [], next: null } : { state: 'failed', reason: describeProblem(thrown) }
    }
  }

  /** It stays where it is as it stands then: what was decided is seen. */
  #voted(after: Approval): void {
    if (this.loaded.state === 'ready') this.loaded = { ...this.loaded, approvals: this.loaded.approvals.map((one) => (one.id === after.id ? after : one)) }
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('loaded') || this.loaded.state !== 'ready') return
    this.dispatchEvent(new CustomEvent<number>('waiting', { detail: this.loaded.approvals.filter(({ mine }) => mine).length }))
  }

  override render(): TemplateResult | typeof nothing {
    const { client, model, loaded, quiet } = this
    if (client === undefined || model === undefined) return nothing
    if (loaded.state === 'loading') return quiet ? nothing : html`<p class="quiet" role="status">${t('loading')}</p>`
    if (loaded.state === 'failed') return emptyState({ icon: 'warning', title: t('problem.unknown'), text: loaded.reason, action: html`<button type="button" class="button" @click=${() => void this.#load(null)}>${t('retry')}</button>` })
    if (loaded.approvals.length === 0) return quiet ? nothing : emptyState({ icon: 'checkSquare', title: t(this.all ? 'approval.none' : 'approval.noneOpen'), text: t('approval.noneText') })
    return html`
      <section class="approval-cards" aria-label=${t('approval.title')} @voted=${(event: CustomEvent<Approval>) => this.#voted(event.detail)}>
        ${repeat(loaded.approvals, ({ id }) => id, (approval) => html`<approval-card .client=${client} .model=${model} .approval=${approval} .here=${this.record !== ''}></approval-card>`)}
        ${loaded.next === null ? nothing : html`<button type="button" class="button" @click=${() => void this.#load(loaded.state === 'ready' ? loaded.next : null)}>${t('timeline.more')}</button>`}
      </section>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'approval-list': ApprovalList
  }
}
