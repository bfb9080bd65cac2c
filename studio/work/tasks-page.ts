/** What the reader has to do, by when: ticked, planned, given to others and written in place. */
import './absence-panel.js'
import './approval-list.js'
import './tasks-page.css'
import '../fields/inputs.js'
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { until } from 'lit/directives/until.js'

import type { Json, JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity, UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { dayAfter, todayIn } from '../client/days.js'
import { day, language, number, t } from '../client/i18n.js'
import { fieldOf, newsOfRecords } from '../client/model.js'
import { randomKey } from '../client/random.js'
import type { Rec } from '../client/records.js'
import { Refresh } from '../client/refresh.js'
import { Watch } from '../client/store.js'
import type { Surroundings } from '../fields/contract.js'
import { viewOf } from '../fields/index.js'
import { lookupFor } from '../fields/lookup.js'
import { firstUnread } from '../fields/unread.js'
import { emptyState } from '../shell/pages.js'
import { router } from '../shell/router.js'
import { listPath, recordPath, tasksPath } from '../shell/routes.js'
import { initials } from '../ui/initials.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { describeProblem, toastProblem, toastUndo } from '../ui/toast.js'
import { isTyping } from '../ui/typing.js'
import { aboutOf, dueDay, groupedTasks, groupOf, type DueGroup } from './task-groups.js'

const fields = ['title', 'kind', 'due', 'dueAt', 'assignee', 'priority', 'about', 'remindAt'] as const
/** More are a list of their own. */
const shownMost = 300
/** A burst of changes is answered by one reading. */
const refreshPauseMs = 500

type Loaded = { readonly state: 'loading' } | { readonly state: 'failed'; readonly reason: string } | { readonly state: 'ready'; readonly tasks: readonly Rec[]; readonly more: boolean }

/** `<tasks-page .client .model .query>`; `?of=team` shows everybody's, `?of=approvals` what is to be decided. */
@customElement('tasks-page')
export class TasksPage extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, query: { attribute: false }, loaded: { state: true }, editing: { state: true }, draft: { state: true }, sending: { state: true }, toDecide: { state: true } }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare query: string
  declare loaded: Loaded
  /** What is being changed in place: a task and one of its fields. */
  declare editing: { readonly id: number; readonly key: 'due' | 'assignee' } | null
  declare draft: { readonly title: string; readonly due: string }
  declare sending: boolean
  /** Approvals that wait for the reader, as far as they are shown. */
  declare toDecide: number
  #asked = ''
  #key = randomKey()
  #surroundings: Surroundings | undefined
  readonly #keys = (event: KeyboardEvent): void => this.#pressed(event)
  readonly #decide = ({ detail }: CustomEvent<number>): void => void (this.toDecide = detail)

  constructor() {
    super()
    this.query = ''
    this.loaded = { state: 'loading' }
    this.editing = null
    this.draft = { title: '', due: '' }
    this.sending = false
    this.toDecide = 0
    new Watch(this, language)
    new Refresh(this, { pauseMs: refreshPauseMs, listen: newsOfRecords(() => this.client?.model, ({ entity }) => entity === 'task'), ask: () => this.#load() })
  }

  override connectedCallback(): void {
    super.connectedCallback()
    document.addEventListener('keydown', this.#keys)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    document.removeEventListener('keydown', this.#keys)
  }

  get #of(): string {
    return new URLSearchParams(this.query).get('of') ?? ''
  }

  get #team(): boolean {
    return this.#of === 'team'
  }

  get #zone(): string {
    return this.client?.session.user?.timeZone ?? ''
  }

  override willUpdate(): void {
    const { client, model } = this
    if (client === undefined || model === undefined) return
    const wanted = `${String(model.version)} ${String(this.#team)}`
    if (wanted === this.#asked) return
    this.#asked = wanted
    this.#surroundings = { timeZone: this.#zone, viewOf, lookup: lookupFor(client, model, recordPath) }
    document.title = `${t('tasks.title')} · ${model.title}`
    void this.#load()
  }

  /** What is known of a task here, as far as the definitions have it. */
  get #fields(): string {
    const entity = this.model?.entities['task']
    return [...fields.filter((key) => entity !== undefined && fieldOf(entity, key) !== undefined), 'version'].join(',')
  }

  async #load(): Promise<void> {
    const { client } = this
    const me = client?.session.user?.id
    if (client === undefined || me === undefined) return
    const team = this.#team
    try {
      const page = await client.records.list('task', { filter: { state: 'open', ...(!team && { assignee: me }) }, fields: this.#fields, sort: 'due', limit: shownMost })
      if (team === this.#team) this.loaded = { state: 'ready', tasks: page.records, more: page.next !== null }
    } catch (thrown) {
      this.loaded = { state: 'failed', reason: describeProblem(thrown) }
    }
  }

  // ── what can be done ──

  /** Shown at once; taken back when it is refused. */
  async #change(task: Rec, values: JsonObject): Promise<boolean> {
    const { client, loaded } = this
    if (client === undefined || loaded.state !== 'ready') return false
    this.loaded = { ...loaded, tasks: loaded.tasks.map((one) => (one.id === task.id ? { ...one, ...values } : one)).filter((one) => one.id !== task.id || values['state'] !== 'done') }
    try {
      await client.records.update('task', task.id, values, `"${String(Number(task['version']))}"`)
      return true
    } catch (thrown) {
      toastProblem(thrown)
      return false
    } finally {
      await this.#load()
    }
  }

  async #finish(task: Rec): Promise<void> {
    const next = this.#neighbour(task.id)
    if (!(await this.#change(task, { state: 'done' }))) return
    toastUndo(t('timeline.done'), () => void this.#reopen(task.id))
    this.querySelector<HTMLElement>(next === null ? '.task-new input' : `[data-task="${String(next)}"] .task-title`)?.focus()
  }

  async #reopen(id: number): Promise<void> {
    const { client } = this
    if (client === undefined) return
    try {
      const { body } = await client.records.get('task', id)
      await client.records.update('task', id, { state: 'open' }, `"${String(Number(body['version']))}"`)
    } catch (thrown) {
      toastProblem(thrown)
    }
    await this.#load()
  }

  async #add(): Promise<void> {
    const { client, draft } = this
    const me = client?.session.user?.id
    if (client === undefined || me === undefined || draft.title.trim() === '' || this.sending) return
    const unread = firstUnread(this.querySelector('.task-new'))
    if (unread !== null) return unread.focus()
    this.sending = true
    try {
      await client.records.create('task', { title: draft.title.trim(), assignee: me, ...(draft.due !== '' && { due: draft.due }) }, this.#key)
      this.draft = { title: '', due: draft.due }
      this.#key = randomKey()
      await this.#load()
    } catch (thrown) {
      toastProblem(thrown)
    }
    this.sending = false
  }

  /** The task that has the focus when this one is gone. */
  #neighbour(id: number): number | null {
    const ids = [...this.querySelectorAll<HTMLElement>('[data-task]')].map(({ dataset }) => Number(dataset['task']))
    const at = ids.indexOf(id)
    return ids[at + 1] ?? ids[at - 1] ?? null
  }

  #pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return
    if (event.key.toLowerCase() === 'n') {
      event.preventDefault()
      this.querySelector<HTMLElement>('.task-new input')?.focus()
      return
    }
    const titles = [...this.querySelectorAll<HTMLElement>('.task-title')]
    const at = titles.indexOf(document.activeElement as HTMLElement)
    const to = event.key === 'ArrowDown' ? titles[at + 1] : event.key === 'ArrowUp' ? titles[at - 1] : undefined
    if (at >= 0 && to !== undefined) {
      event.preventDefault()
      to.focus()
    } else if (at >= 0 && event.key === ' ' && this.loaded.state === 'ready') {
      event.preventDefault()
      const id = Number(titles[at]?.closest<HTMLElement>('[data-task]')?.dataset['task'])
      const task = this.loaded.tasks.find((one) => one.id === id)
      if (task !== undefined && this.model?.entities['task']?.may.update === true) void this.#finish(task)
    }
  }

  async #edit(id: number, key: 'due' | 'assignee'): Promise<void> {
    this.editing = { id, key }
    await this.updateComplete
    this.querySelector<HTMLElement>(`[data-task="${String(id)}"] .task-editor :is(input, [tabindex])`)?.focus()
  }

  // ── what is shown ──

  override render(): TemplateResult | typeof nothing {
    const entity = this.model?.entities['task']
    if (entity === undefined || this.client === undefined) return nothing
    const { loaded } = this
    return html`
      <div class="page-narrow tasks">
        <header class="work-head">
          <h1>${t('tasks.title')}</h1>
          ${loaded.state === 'ready' ? html`<span class="quiet" role="status">${this.#waiting(loaded.tasks.length)}</span>` : nothing}
          <span class="grow"></span>
          ${this.#calendar(entity)}
          <a class="plain" href=${listPath('task')} title=${t('tasks.all')}>${icon('list')}<span>${t('tasks.all')}</span></a>
        </header>
        <div class="work-chips" role="group" aria-label=${t('inbox.show')}>
          ${([['', 'tasks.mine'], ['team', 'tasks.team'], ['approvals', 'approval.title']] as const).map(([of, label]) => html`<button type="button" class="pill" aria-pressed=${of === this.#of ? 'true' : 'false'} @click=${() => router.replace(of === '' ? tasksPath : `${tasksPath}?of=${of}`)}>${t(label)}</button>`)}
        </div>
        ${this.#of === 'approvals' ? html`<absence-panel .client=${this.client} .model=${this.model}></absence-panel><approval-list .client=${this.client} .model=${this.model} .all=${true} @waiting=${this.#decide}></approval-list>` : html`
          ${this.#team ? nothing : html`<approval-list .client=${this.client} .model=${this.model} .quiet=${true} @waiting=${this.#decide}></approval-list>`}
          ${entity.may.create ? this.#new(entity) : nothing}
          ${this.#body(entity, loaded)}`}
      </div>`
  }

  /** The same days as a month, where the tasks have a view that shows them so. */
  #calendar(entity: UiEntity): TemplateResult | typeof nothing {
    const view = entity.lists.find(({ calendar }) => calendar !== undefined)
    return view === undefined ? nothing : html`<a class="plain" href=${`${listPath('task')}?view=${encodeURIComponent(view.name)}`} title=${t('tasks.calendar')}>${icon('calendar')}<span>${t('tasks.calendar')}</span></a>`
  }

  /** What there is to do here; everybody's tasks stand without what only the reader decides. */
  #waiting(tasks: number): string {
    const open = t('tasks.count', { count: tasks })
    return this.#team || this.toDecide === 0 ? open : `${open} · ${t('tasks.toDecide', { count: this.toDecide })}`
  }

  #new(entity: UiEntity): TemplateResult {
    const { draft } = this
    return html`
      <form class="task-new" aria-label=${t('tasks.new')} @submit=${(event: Event) => { event.preventDefault(); void this.#add() }}>
        ${icon('plus')}
        <input type="text" maxlength="200" placeholder=${t('tasks.new')} aria-label=${t('timeline.taskHint')} aria-keyshortcuts="n" .value=${draft.title} @input=${(event: Event) => (this.draft = { ...draft, title: (event.target as HTMLInputElement).value })} />
        ${draft.title === '' ? nothing : html`<span class="task-new-due">${this.#input(entity, 'due', draft.due === '' ? null : draft.due, (value) => (this.draft = { ...this.draft, due: typeof value === 'string' ? value : '' }))}</span>
          <button type="submit" class="button primary" ?disabled=${draft.title.trim() === '' || this.sending}>${t('timeline.send')}</button>`}
      </form>`
  }

  #input(entity: UiEntity, key: string, value: Json, change: (value: Json) => void): TemplateResult | typeof nothing {
    const field = fieldOf(entity, key)
    return field === undefined || this.#surroundings === undefined ? nothing : viewOf(field.type).input({ ...this.#surroundings, field, label: '', value, required: false, disabled: false, error: '', help: '', change, touch: () => {} })
  }

  #body(entity: UiEntity, loaded: Loaded): TemplateResult {
    if (loaded.state === 'loading') return html`<div class="record-skeleton" role="status" aria-label=${t('loading')}>${[1, 2, 3, 4].map(() => html`<i></i>`)}</div>`
    if (loaded.state === 'failed') return emptyState({ icon: 'warning', title: t('problem.unknown'), text: loaded.reason, action: html`<button type="button" class="button" @click=${() => void this.#load()}>${t('retry')}</button>` })
    if (loaded.tasks.length === 0) return emptyState({ icon: 'checkSquare', title: t(this.#team ? 'tasks.noneTeam' : 'tasks.noneMine'), text: t('tasks.noneText') })
    return html`
      ${groupedTasks(loaded.tasks, todayIn(this.#zone), this.#zone).map(({ group, tasks }) => html`
        <section class="task-group" data-group=${group}>
          <h2>${t(`tasks.${group}`)} <span class="quiet">${number(tasks.length)}</span></h2>
          <ul class="work-list">${repeat(tasks, ({ id }) => id, (task) => this.#line(entity, task, group))}</ul>
        </section>`)}
      ${loaded.more ? html`<p class="quiet">${t('tasks.more', { count: shownMost })} <a href=${listPath('task')}>${t('tasks.all')}</a></p>` : nothing}`
  }

  #line(entity: UiEntity, task: Rec, group: DueGroup): TemplateResult {
    const title = typeof task['title'] === 'string' ? task['title'] : `#${String(task.id)}`
    const about = aboutOf(task)
    return html`
      <li data-task=${task.id}>
        <input type="checkbox" class="task-tick" aria-label=${t('tasks.finish', { title })} ?disabled=${!entity.may.update} .checked=${false} @change=${() => void this.#finish(task)} />
        <span class="task-words">
          <button type="button" class="task-title" data-peek=${recordPath('task', task.id)}>${title}</button>
          ${this.#kind(entity, task)}
          ${task['priority'] === 'high' ? html`<span class="badge" data-color="red">${t('tasks.urgent')}</span>` : nothing}
          ${about === null ? nothing : html`<a class="task-about" href=${recordPath(about.entity, about.id)}>${icon(this.model?.entities[about.entity]?.icon ?? 'table')}<span>${until(this.client?.names.of(about.entity, about.id), '…')}</span></a>`}
        </span>
        ${this.#place(entity, task, 'due', this.#due(task, group))}
        ${this.#place(entity, task, 'assignee', this.#person(task))}
      </li>`
  }

  /** A call, a visit ...; what is simply to be done needs no word. */
  #kind(entity: UiEntity, { kind = null, ...record }: Rec): TemplateResult | string | typeof nothing {
    const field = fieldOf(entity, 'kind')
    return field === undefined || this.#surroundings === undefined || kind === null || kind === field.default ? nothing : viewOf(field.type).cell(kind, { ...this.#surroundings, field, record })
  }

  /** A value that becomes its own input when it is pressed. */
  #place(entity: UiEntity, task: Rec, key: 'due' | 'assignee', shown: TemplateResult): TemplateResult {
    const label = fieldOf(entity, key)?.title ?? key
    if (this.editing?.id !== task.id || this.editing.key !== key) {
      return html`<button type="button" class="task-value" data-key=${key} ?disabled=${fieldOf(entity, key)?.updateable !== true} title=${label} @click=${() => void this.#edit(task.id, key)}><span class="visually-hidden">${label}: </span>${shown}</button>`
    }
    const back = (): void => {
      this.editing = null
      void this.updateComplete.then(() => this.querySelector<HTMLElement>(`[data-task="${String(task.id)}"] [data-key="${key}"]`)?.focus())
    }
    return html`<span class="task-editor" role="group" aria-label=${label} @keydown=${(event: KeyboardEvent) => event.key === 'Escape' && back()}>
      ${this.#input(entity, key, task[key] ?? null, (value) => {
        if (firstUnread(this.querySelector('.task-editor')) !== null) return
        back()
        if (value !== (task[key] ?? null)) void this.#change(task, { [key]: value })
      })}
      <button type="button" class="plain icon-only" aria-label=${t('cancel')} @click=${back}>${icon('close')}</button></span>`
  }

  #due(task: Rec, group: DueGroup): TemplateResult {
    const due = dueDay(task, this.#zone)
    if (due === null) return html`<span class="task-none">${icon('calendar')}</span>`
    const today = todayIn(this.#zone)
    const words = due === today ? t('tasks.today') : due === dayAfter(today, 1) ? t('tasks.tomorrow') : due === dayAfter(today, -1) ? t('tasks.yesterday')
      : day(due, groupOf(due, today) === 'week' ? { weekday: 'long' } : { month: 'short', day: 'numeric', ...(due.slice(0, 4) !== today.slice(0, 4) && { year: 'numeric' }) })
    return html`<span class="task-due" data-group=${group}>${task['remindAt'] === null || task['remindAt'] === undefined ? nothing : icon('bell')}${words}</span>`
  }

  #person(task: Rec): TemplateResult {
    const { assignee } = task
    if (typeof assignee !== 'number') return html`<span class="task-none">${icon('user')}</span>`
    const name = this.client?.names.of('user', assignee)
    return html`<span class="avatar" aria-hidden="true">${until(name?.then(initials), '')}</span><span class=${this.#team ? 'task-name' : 'visually-hidden'}>${until(name, '')}</span>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'tasks-page': TasksPage
  }
}
