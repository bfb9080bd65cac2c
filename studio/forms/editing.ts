/**
 * A record under somebody's hands: read, edited, saved, in conflict, archived. Keeps what is typed until it is saved or given
 * up, whatever comes from elsewhere meanwhile. Shows nothing but messages; `<record-page>` shows it.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit'

import type { Json, JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity, UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { t } from '../client/i18n.js'
import type { RecordEvent } from '../client/model.js'
import { asProblem, type ApiProblem } from '../client/problem.js'
import { noteOpened } from '../client/recent.js'
import type { Rec } from '../client/records.js'
import { oneAtATime } from '../client/refresh.js'
import type { Surroundings } from '../fields/contract.js'
import { sendable } from '../fields/lines-state.js'
import { nameOf } from '../fields/name-of.js'
import { describeProblem, toast, toastProblem, toastUndo, type ToastAction } from '../ui/toast.js'
import { check } from './checks.js'
import { resolveConflict } from './conflict/conflict-dialog.js'
import { readConflict, type Conflict } from './conflict/conflict.js'
import { changes, dirtyKeys, discard, edit, isDirty, isReadable, rebase, refuse, same, shownProblems, start, touch, touchAll, unread, type FormState, type UnreadDetail } from './form-state.js'
import { isWritable, type FormMode } from './record-form.js'
import { isRequired, newlyLacking } from './required.js'
import { Creation, saveChanges, type Outcome } from './save.js'

export interface ReadyRecord {
  readonly state: 'ready'
  readonly form: FormState
  readonly etag: string
  readonly version: number
  readonly archived: boolean
}

export type RecordState = { readonly state: 'loading' } | { readonly state: 'failed'; readonly reason: string; readonly missing: boolean } | ReadyRecord

/** Which record, and with what it is shown. */
export interface Subject {
  readonly client: Client
  readonly model: UiModel
  readonly entity: UiEntity
  /** Null for a record that does not exist yet. */
  readonly id: number | null
  readonly surroundings: Surroundings
}

/** What the page does when editing moves on. */
export interface EditingHost extends ReactiveControllerHost {
  readonly isConnected: boolean
  /** This page is now about another record: a new one that was saved, or the one that this was merged into. */
  becomes(id: number): void
  /** Something is wrong with what was typed: the person is led there. */
  showFirstProblem(): Promise<void>
}

/** Keys of the fields whose rows are read with the record. */
const linesOf = (entity: UiEntity): readonly string[] => entity.fields.filter(({ lines }) => lines !== undefined).map(({ key }) => key)

export class Editing implements ReactiveController {
  readonly #host: EditingHost
  readonly #creation = new Creation()
  #subject: Subject | undefined
  #record: RecordState = { state: 'loading' }
  #stop: (() => void) | null = null
  /** For changes elsewhere, of which many may come in a moment. */
  readonly #reload = oneAtATime(() => this.#load())
  saving = false
  /** True when somebody else saved while there are edits here. */
  newer = false

  constructor(host: EditingHost) {
    this.#host = host
    host.addController(this)
  }

  hostDisconnected(): void {
    this.#stop?.()
    this.#stop = null
  }

  get record(): RecordState {
    return this.#record
  }

  #become(record: RecordState): void {
    this.#record = record
    this.#host.requestUpdate()
  }

  get dirty(): boolean {
    return this.#record.state === 'ready' && isDirty(this.#record.form)
  }

  get mode(): FormMode {
    if (this.#subject?.id === null) return 'create'
    return this.#record.state === 'ready' && !this.#record.archived && this.#subject?.entity.may.update === true ? 'update' : 'read'
  }

  /** What is wrong and may be shown, by JSON Pointer. */
  get problems(): Readonly<Record<string, string>> {
    return this.#record.state === 'ready' ? shownProblems(this.#record.form, this.#checks(this.#record.form)) : {}
  }

  /** Begins with a record, or goes on with it after the definitions changed: what was typed stays. */
  open(subject: Subject, prefill: JsonObject): void {
    const before = this.#subject
    this.#subject = subject
    this.#stop ??= subject.client.model.onRecord((event) => this.#changedElsewhere(event))
    if (subject.id !== null) void this.#load()
    else if (before === undefined) this.#begin(subject.entity, prefill)
    if (before !== undefined && before.entity.fields.length !== subject.entity.fields.length && this.dirty) toast(t('record.changedFields'))
  }

  #begin(entity: UiEntity, prefill: JsonObject): void {
    const defaults = Object.fromEntries(entity.fields.flatMap((field) => (field.default !== undefined ? [[field.key, field.default]] : [])))
    const known = Object.fromEntries(Object.entries(prefill).filter(([key]) => entity.fields.some((field) => field.key === key && field.createable)))
    // What a link filled in beforehand is no work of the person's that could be lost.
    this.#become({ state: 'ready', form: start({ ...defaults, ...known }), etag: '', version: 0, archived: false })
  }

  /** Reads the record, live or archived. Edits that are there stay on top of what was read. */
  async #load(): Promise<void> {
    const subject = this.#subject
    if (subject === undefined || subject.id === null) return
    const { client, entity, id } = subject
    try {
      const { body, etag } = await client.records.get(entity.name, id, { expand: linesOf(entity) })
      this.#show(body, etag, false)
      const user = client.session.user?.id
      if (user !== undefined) noteOpened(user, { entity: entity.name, id })
    } catch (thrown) {
      const problem = asProblem(thrown)
      const survivor = problem.body['mergedInto']
      if (typeof survivor === 'number' && this.#record.state !== 'ready') {
        toast(t('merge.followed'))
        this.#host.becomes(survivor)
        return
      }
      const archived = problem.status === 404 && entity.may.archive ? await client.records.get(entity.name, id, { archived: true, expand: linesOf(entity) }).catch(() => null) : null
      if (archived !== null) this.#show(archived.body, archived.etag, true)
      else if (this.#record.state !== 'ready') this.#become({ state: 'failed', reason: describeProblem(problem), missing: problem.status === 404 })
      else toastProblem(problem)
    }
  }

  #show(read: Rec, etag: string, archived: boolean): void {
    const { entity } = this.#subject ?? {}
    const version = typeof read['version'] === 'number' ? read['version'] : 0
    if (this.#record.state === 'ready' && isDirty(this.#record.form)) {
      // With edits under way the version that they began with stays, so that saving still finds conflicts. New fields come in.
      // Nobody edits computed values: those are always the newest.
      const computed = Object.fromEntries((entity?.fields ?? []).flatMap(({ key, computed: kind }) => (kind === undefined || read[key] === undefined ? [] : [[key, read[key]]])))
      this.newer = version > this.#record.version
      this.#become({ ...this.#record, form: rebase(this.#record.form, { ...read, ...this.#record.form.original, ...computed }) })
      return
    }
    this.newer = false
    this.#become({ state: 'ready', form: start(read), etag: etag || `"${version}"`, version, archived })
  }

  #changedElsewhere(event: RecordEvent | null): void {
    const { entity, id } = this.#subject ?? {}
    if (this.#record.state !== 'ready' || this.saving) return
    if (event !== null && (event.entity !== entity?.name || event.id !== id)) return
    // Computed values followed from another record: this one has its version still, and edits under way stay.
    if (event?.action === 'derived') return void this.#reload()
    if (event !== null && event.version <= this.#record.version) return
    if (!this.dirty) return void this.#reload()
    this.newer = event !== null || this.newer
    this.#host.requestUpdate()
  }

  #checks(form: FormState): Readonly<Record<string, string>> {
    const { entity } = this.#subject ?? {}
    if (entity === undefined) return {}
    const writable = entity.fields.filter((field) => isWritable(field, this.mode))
    const required = writable.filter((field) => isRequired(field, form.values, this.mode === 'create')).map((field) => field.key)
    // A value that was there before is not this person's mistake, unless they change it.
    const keys = this.mode === 'create' ? writable.map((field) => field.key) : [...new Set([...dirtyKeys(form), ...newlyLacking(entity, form.original, form.values)])]
    return check(entity, form.values, keys, required)
  }

  edit(key: string, value: Json): void {
    if (this.#record.state === 'ready' && !same(this.#record.form.values[key], value)) this.#become({ ...this.#record, form: edit(this.#record.form, key, value) })
  }

  touch(key: string): void {
    if (this.#record.state === 'ready') this.#become({ ...this.#record, form: touch(this.#record.form, key) })
  }

  unread(detail: UnreadDetail): void {
    if (this.#record.state === 'ready') this.#become({ ...this.#record, form: unread(this.#record.form, detail) })
  }

  discard(): void {
    if (this.#record.state === 'ready') this.#become({ ...this.#record, form: discard(this.#record.form) })
  }

  async save(): Promise<void> {
    const [subject, record] = [this.#subject, this.#record]
    if (subject === undefined || record.state !== 'ready' || this.saving || this.mode === 'read') return
    if (subject.client.files.running.value > 0) {
      toast(t('field.file.saveLater'))
      return
    }
    if (this.mode === 'update' && !isDirty(record.form)) return
    const form = touchAll(record.form, subject.entity.fields.map((field) => field.key))
    this.#become({ ...record, form })
    if (Object.keys(this.#checks(form)).length > 0 || !isReadable(form)) {
      await this.#host.showFirstProblem()
      return
    }
    this.saving = true
    const outcome = await this.#send(subject, form, record.etag)
    this.saving = false
    this.#host.requestUpdate()
    await this.#ended(outcome, subject)
  }

  #send({ client, model, entity, id }: Subject, form: FormState, etag: string): Promise<Outcome> {
    const sent = (body: JsonObject): JsonObject => sendable(model, entity, body, form.original)
    if (id !== null) return saveChanges(client.records, entity, id, sent(changes(form)), etag, model.entities)
    const body = Object.fromEntries(Object.entries(form.values).filter(([key, value]) => value !== null && value !== '' && entity.fields.some((field) => field.key === key && field.createable)))
    return this.#creation.save(client.records, entity, sent(body), model.entities)
  }

  /** A right that is missing can be asked for its reason. */
  #whyOf({ code }: ApiProblem): ToastAction | undefined {
    const { client, model, entity, id } = this.#subject ?? { id: null }
    if (code !== 'access.denied' || id === null || client === undefined) return undefined
    return { label: t('why.ask'), run: () => void import('./why/why-dialog.js').then(({ tellWhy }) => tellWhy({ client, model, entity, id, field: null })) }
  }

  async #ended(outcome: Outcome, { client, entity, id }: Subject): Promise<void> {
    if (this.#record.state !== 'ready') return
    if (outcome.kind === 'conflict') {
      if ((await this.#choose(outcome.conflict)) && this.dirty) await this.save()
    } else if (outcome.kind === 'failed') {
      toastProblem(outcome.problem, this.#whyOf(outcome.problem))
    } else if (outcome.kind === 'refused') {
      this.#become({ ...this.#record, form: refuse(this.#record.form, outcome.problems) })
      if (Object.keys(outcome.problems).some((path) => !entity.fields.some((field) => path.startsWith(`/${field.key}`)))) toastProblem(outcome.problem)
      await this.#host.showFirstProblem()
    } else {
      client.names.learn(entity.name, outcome.record.id, nameOf(entity, outcome.record))
      if (id === null) this.#created(entity, outcome.record.id)
      else this.#saved(outcome.record, outcome.etag, entity)
    }
  }

  #created(entity: UiEntity, id: number): void {
    this.discard()
    toast(t('record.created', { entity: entity.title }))
    this.#host.becomes(id)
  }

  #saved(record: Rec, etag: string, entity: UiEntity): void {
    this.moved(record, etag, entity)
    toast(t('record.saved'))
  }

  /** The record was changed by other means than its form, and this is what it is now. */
  moved(record: Rec, etag: string, entity: UiEntity): void {
    if (this.#record.state !== 'ready') return
    const { original } = this.#record.form
    // The answer is the record as this person may read it; what is not in it was hidden by the save itself.
    const unsent = Object.fromEntries(linesOf(entity).flatMap((key) => (Object.hasOwn(record, key) ? [] : [[key, original[key] ?? null]])))
    this.#record = { ...this.#record, form: start(original) }
    this.#show({ ...unsent, ...record }, etag, false)
  }

  /** False when the person goes on editing. Where different fields were changed there is nothing to choose: both stay. */
  async #choose(conflict: Conflict): Promise<boolean> {
    const subject = this.#subject
    if (subject === undefined) return false
    const choice = conflict.fields.length === 0 ? {} : await resolveConflict(conflict, subject.entity, subject.surroundings)
    if (choice === null || this.#record.state !== 'ready') return false
    const form = rebase(this.#record.form, { ...this.#record.form.original, ...conflict.theirs })
    this.newer = false
    this.#become({ ...this.#record, form: { ...form, values: { ...form.values, ...choice } }, etag: `"${conflict.version}"`, version: conflict.version })
    return true
  }

  /** Puts the edits on top of what somebody else saved meanwhile; where both changed a field, the person chooses. */
  async takeNewer(): Promise<void> {
    const { client, entity, id = null } = this.#subject ?? {}
    if (client === undefined || entity === undefined || id === null || this.#record.state !== 'ready') return
    try {
      const { body } = await client.records.get(entity.name, id, { expand: linesOf(entity) })
      const conflict = readConflict({ mine: changes(this.#record.form), theirs: body, original: this.#record.form.original, version: body['version'] ?? 0 })
      if (conflict !== null) await this.#choose(conflict)
    } catch (thrown) {
      toastProblem(thrown)
    }
  }

  /** Archives the record, or brings it back. Edits are given up: who calls has asked. */
  async toggleArchived(): Promise<void> {
    const { client, entity, id = null } = this.#subject ?? {}
    if (client === undefined || entity === undefined || id === null || this.#record.state !== 'ready') return
    const name = nameOf(entity, this.#record.form.original)
    const restore = async (): Promise<void> => {
      await client.records.restore(entity.name, id)
      toast(t('record.restoredToast', { name }))
      if (this.#host.isConnected) await this.#load()
      else this.#host.becomes(id)
    }
    try {
      if (this.#record.archived) {
        await restore()
        return
      }
      await client.records.archive(entity.name, id)
      this.#become({ ...this.#record, form: discard(this.#record.form), archived: true })
      toastUndo(t('record.archivedToast', { name }), () => void restore().catch(toastProblem))
    } catch (thrown) {
      toastProblem(thrown)
    }
  }
}
