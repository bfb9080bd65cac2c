/** One thing that is to be decided: what, about which record, who else decides, and the two answers. What is typed stays while it is refused. */
import './approval-card.css'
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Approval, ApprovalVote } from '../../metadata/contract/approval.js'
import type { UiField, UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { instant, language, listed, t } from '../client/i18n.js'
import { asProblem } from '../client/problem.js'
import { Watch } from '../client/store.js'
import type { Surroundings } from '../fields/contract.js'
import { viewOf } from '../fields/index.js'
import { plain } from '../fields/plain.js'
import { lookupFor } from '../fields/lookup.js'
import { isReadable, refuse, start, type FormState } from '../forms/form-state.js'
import { askedFields, beginningOf, errorsAt, filledIn } from '../forms/actions/asked-fields.js'
import { recordPath } from '../shell/routes.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { describeProblem, toast } from '../ui/toast.js'
import { when } from '../ui/when.js'

/** `<approval-card .client .model .approval .here>`; fires `voted` (detail: the approval as it stands then). `here`: it stands at its record. */
@customElement('approval-card')
export class ApprovalCard extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, approval: { attribute: false }, here: { attribute: false }, comment: { state: true }, form: { state: true }, problem: { state: true }, sending: { state: true } }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare approval: Approval | undefined
  declare here: boolean
  declare comment: FormState
  /** Null until something was typed. */
  declare form: FormState | null
  declare problem: string
  declare sending: boolean

  constructor() {
    super()
    this.here = false
    this.comment = start({ comment: '' })
    this.form = null
    this.problem = ''
    this.sending = false
    new Watch(this, language)
  }

  get #fields(): readonly UiField[] {
    return (this.approval?.form ?? []) as unknown as readonly UiField[] // as `/api/approvals` tells them
  }

  get #filled(): FormState {
    return this.form ?? start({}, beginningOf(this.#fields))
  }

  async #vote(client: Client, approval: Approval, decision: 'approve' | 'reject'): Promise<void> {
    if (this.sending) return
    this.form = refuse(this.#filled, {})
    this.comment = refuse(this.comment, {})
    // Who refuses does not send the answers.
    if (decision === 'approve' && !isReadable(this.form)) return this.#showFirst()
    this.sending = true
    this.problem = ''
    try {
      const after = await client.approvals.vote(approval.id, { decision, comment: plain(this.comment.values['comment']), values: decision === 'approve' ? filledIn(this.form.values) : {} })
      toast(t(decision === 'approve' ? 'approval.didApprove' : 'approval.didReject', { title: approval.title }))
      this.dispatchEvent(new CustomEvent('voted', { detail: after, bubbles: true }))
    } catch (thrown) {
      const problem = asProblem(thrown)
      const comment = problem.problems.find(({ path }) => path === '/comment')
      const refused = errorsAt(problem.problems, '/values', this.#fields)
      this.form = refuse(this.#filled, refused)
      if (comment !== undefined) this.comment = refuse(this.comment, { '/comment': t('approval.why') })
      this.problem = comment !== undefined || Object.keys(refused).length > 0 ? '' : describeProblem(problem)
      await this.#showFirst()
    } finally {
      this.sending = false
    }
  }

  async #showFirst(): Promise<void> {
    await this.updateComplete
    this.querySelector<HTMLElement>('[invalid], [aria-invalid=true]')?.focus()
  }

  override render(): TemplateResult | typeof nothing {
    const { client, model, approval } = this
    if (client === undefined || model === undefined || approval === undefined) return nothing
    const zone = client.session.user?.timeZone ?? ''
    const title = `approval-${String(approval.id)}`
    return html`
      <article class="approval" data-state=${approval.state} data-mine=${approval.mine ? 'yes' : 'no'} aria-labelledby=${title}>
        <header>
          <span class="approval-sign">${icon(approval.state === 'approved' ? 'check' : approval.state === 'rejected' ? 'close' : 'checkSquare')}</span>
          <div class="approval-words">
            <h3 id=${title}>${approval.title}</h3>
            <p class="quiet">${approval.asker === null ? t('approval.asked') : t('approval.askedBy', { name: approval.asker.name ?? t('approval.somebody') })} · ${when(approval.createdAt, zone)}${approval.dueAt === null || approval.state !== 'open' ? nothing : html` · <span class="approval-due">${t('approval.until', { at: instant(approval.dueAt, zone) })}</span>`}</p>
          </div>
          ${approval.state === 'open' ? nothing : html`<span class="badge" data-color=${approval.state === 'approved' ? 'green' : 'red'}>${t(approval.state === 'approved' ? 'approval.approved' : 'approval.rejected')}</span>`}
        </header>
        ${this.here || approval.entity === null || approval.record === null || approval.recordTitle === null ? nothing : html`<a class="approval-record" href=${recordPath(approval.entity, approval.record)}>${icon(model.entities[approval.entity]?.icon ?? 'table')}<span>${approval.recordTitle}</span></a>`}
        ${approval.text === '' ? nothing : html`<p class="approval-text">${approval.text}</p>`}
        ${approval.late && approval.state !== 'open' ? html`<p class="quiet">${icon('clock')} ${t('approval.wasLate')}</p>` : nothing}
        ${this.#votes(approval.votes, approval, zone)}
        ${approval.mine ? this.#answer(client, approval, { timeZone: zone, viewOf, lookup: lookupFor(client, model, recordPath) }) : nothing}
      </article>`
  }

  #votes(votes: readonly ApprovalVote[], { need, share, mine }: Approval, zone: string): TemplateResult | typeof nothing {
    if (votes.length < 2 && mine) return nothing
    const shown = votes.filter(({ state }) => state !== 'passed')
    return html`
      ${votes.length < 2 ? nothing : html`<p class="quiet approval-need">${need === 'one' ? t('approval.needOne') : need === 'all' ? t('approval.needAll') : t('approval.needShare', { share })}</p>`}
      <ul class="approval-votes">${shown.map(({ user, by, state, comment, at }) => html`
        <li data-state=${state}><span class="approval-vote">${icon(state === 'approved' ? 'check' : state === 'rejected' ? 'close' : 'clock')}<span>${user.name ?? t('approval.somebody')}${by !== null && by.id !== user.id ? html` <span class="quiet">${t('approval.by', { name: by.name ?? t('approval.somebody') })}</span>` : nothing}</span>
          <span class="quiet">${t(`approval.seat.${state}`)}${at === null ? nothing : html` · ${when(at, zone)}`}</span></span>
          ${comment === null ? nothing : html`<q>${comment}</q>`}</li>`)}</ul>`
  }

  #answer(client: Client, approval: Approval, surroundings: Surroundings): TemplateResult {
    const label = t(approval.comment === 'required' ? 'approval.commentNeeded' : approval.comment === 'refusal' ? 'approval.commentForNo' : 'approval.comment')
    const comment: UiField = { key: 'comment', title: label, type: 'longText', options: {}, required: approval.comment === 'required', createable: true, updateable: true, masked: false, system: false, operators: [], sortable: false, measures: [], buckets: [] }
    return html`
      <form class="approval-answer" @submit=${(event: Event) => event.preventDefault()}>
        ${approval.for.length === 0 ? nothing : html`<p class="approval-for">${icon('users')}<span>${t('approval.for', { names: listed(approval.for.map(({ name }) => name ?? t('approval.somebody'))) })}</span></p>`}
        ${askedFields({ fields: this.#fields, form: this.#filled, surroundings, disabled: this.sending, become: (step) => (this.form = step(this.#filled)) })}
        ${askedFields({ fields: [comment], form: this.comment, surroundings, disabled: this.sending, become: (step) => (this.comment = step(this.comment)) })}
        ${this.problem === '' ? nothing : html`<p class="panel-error" role="alert">${icon('warning')}${this.problem}</p>`}
        <div class="approval-buttons">
          <vaadin-button theme="primary" ?disabled=${this.sending} @click=${() => void this.#vote(client, approval, 'approve')}>${t('approval.approve')}</vaadin-button>
          <vaadin-button theme="error" ?disabled=${this.sending} @click=${() => void this.#vote(client, approval, 'reject')}>${t('approval.reject')}</vaadin-button>
        </div>
      </form>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'approval-card': ApprovalCard
  }
}
