/**
 * The one draft of this page: shows every step at once, tells the engine a moment later, and never forgets a step that
 * the engine has not taken. Lives as long as the client, so that leaving the designer loses nothing.
 */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import type { UiModel } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { asProblem, type ApiProblem } from '../../client/problem.js'
import { Store } from '../../client/store.js'
import { changedPaths, withComputed, type Inferred, type Published, type PublishedAnswer, type TypeNames } from './definitions.js'
import { openDraft, perform, redo, undo, withDocuments, type Changed, type Draft } from './draft.js'
import type { Trial } from '../entities/trial.js'
import { applyAll, type Documents, type Operation } from './operations.js'

/** One thing that is wrong with the draft; `path` is `member/entity.json#/properties/x`. */
export interface DraftProblem {
  readonly path: string
  readonly code: string
  readonly message: string
  /** The draft that it was found in: what the names in the message are called. */
  readonly documents?: Documents
}

/** Both sides changed the same place. */
export interface DraftConflict {
  readonly path: string
  readonly base?: Json
  readonly mine?: Json
  readonly theirs?: Json
}

export type Saving =
  | { readonly state: 'saved' }
  | { readonly state: 'saving' }
  /** The engine does not answer; it is asked again. */
  | { readonly state: 'waiting' }
  /** Somebody else published meanwhile. */
  | { readonly state: 'stale'; readonly conflicts: readonly DraftConflict[] }

export interface Design {
  readonly published: Published
  /** Version that the draft starts from. */
  readonly base: number
  readonly draft: Draft
  readonly types: TypeNames
  readonly inferred: Inferred
  readonly problems: readonly DraftProblem[]
  /** The screens' model as it would be with the draft; null while the draft is what is in force. */
  readonly drafted: UiModel | null
  /** The documents that `problems` and `drafted` tell of: others than those of the draft while an answer is on the way. */
  readonly checked: Documents | null
  readonly saving: Saving
}

interface DraftAnswer {
  readonly base: number
  readonly version: number
  readonly stale: boolean
  readonly documents: Readonly<Record<string, Documents[string] | null>>
  readonly types?: TypeNames
  readonly inferred?: Inferred
}

const saveAfterMs = 350
const retryAfterMs = 3_000
const operationsAtOnce = 200
const draftPath = '/api/definitions/draft'

export class DraftStore {
  readonly design = new Store<Design | null>(null)
  /** Why the definitions could not be shown; null while all is well. */
  readonly failure = new Store<ApiProblem | null>(null)
  readonly #client: Client
  /** What the engine has. */
  #saved: Documents = {}
  /** What it has not yet, oldest first. */
  #unsaved: readonly Operation[] = []
  #timer: number | undefined
  #sending: Promise<void> | null = null
  #loading: Promise<void> | null = null

  constructor(client: Client) {
    this.#client = client
    client.model.current.subscribe(() => this.#modelChanged())
    window.addEventListener('beforeunload', (event) => {
      if (this.#unsaved.length > 0) event.preventDefault()
    })
  }

  /** What a computed field would give, as the draft is with the engine. */
  async attempt(entity: string, key: string, property: JsonObject): Promise<Trial> {
    await this.flush()
    return (await this.#client.api.post<Trial>('/api/definitions/computed', { entity, key, property })).body
  }

  /** True while some step is not with the engine. */
  get isUnsaved(): boolean {
    return this.#unsaved.length > 0
  }

  load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => (this.#loading = null))
    return this.#loading
  }

  async #load(): Promise<void> {
    const { api } = this.#client
    try {
      const [published, answer] = await Promise.all([api.get<PublishedAnswer>('/api/definitions'), api.get<DraftAnswer>(draftPath)])
      this.failure.set(null)
      this.#open(withComputed(published.body), answer.body)
      if (answer.body.stale) await this.rebase()
      else await this.#check()
    } catch (thrown) {
      this.failure.set(asProblem(thrown))
    }
  }

  #open(published: Published, answer: DraftAnswer): void {
    const documents = merged({}, answer.documents)
    this.#saved = documents
    const history = this.design.value?.draft
    const draft = history !== undefined && sameDocuments(history.documents, documents) ? withDocuments(history, documents) : openDraft(documents)
    this.#unsaved = []
    this.design.set({ published, base: answer.base, draft, types: answer.types ?? {}, inferred: answer.inferred ?? {}, problems: this.design.value?.problems ?? [], drafted: this.design.value?.drafted ?? null, checked: this.design.value?.checked ?? null, saving: { state: 'saved' } })
  }

  /** Does a step of the designer; the same `name` in a row is one step for undo. */
  perform(operations: readonly Operation[], name = ''): void {
    const design = this.design.value
    if (design !== null && operations.length > 0) this.#changed(perform(design.draft, operations, name))
  }

  undo(): void {
    if (this.design.value !== null) this.#changed(undo(this.design.value.draft))
  }

  redo(): void {
    if (this.design.value !== null) this.#changed(redo(this.design.value.draft))
  }

  #changed({ draft, operations }: Changed): void {
    const design = this.design.value
    if (design === null || operations.length === 0) return
    this.#unsaved = [...this.#unsaved, ...operations]
    const saving: Saving = design.saving.state === 'stale' ? design.saving : { state: 'saving' }
    this.design.set({ ...design, draft, saving })
    this.#later(saveAfterMs)
  }

  #later(milliseconds: number): void {
    window.clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => void this.flush(), milliseconds)
  }

  /** Sends what is not with the engine yet. Resolves true when it has everything. */
  async flush(): Promise<boolean> {
    window.clearTimeout(this.#timer)
    while (this.#unsaved.length > 0 && this.design.value?.saving.state !== 'stale') {
      this.#sending ??= this.#send().finally(() => (this.#sending = null))
      await this.#sending
      if (this.design.value?.saving.state === 'waiting') return false
    }
    return this.#unsaved.length === 0
  }

  async #send(): Promise<void> {
    const design = this.design.value
    if (design === null) return
    const sent = this.#unsaved.slice(0, operationsAtOnce)
    try {
      const { body } = await this.#client.api.patch<DraftAnswer>(draftPath, sent, { ifMatch: `"${design.base}"` })
      this.#saved = merged(this.#saved, body.documents)
      this.#unsaved = this.#unsaved.slice(sent.length)
      this.#taken(body)
      if (this.#unsaved.length === 0) await this.#check()
    } catch (thrown) {
      await this.#refused(asProblem(thrown))
    }
  }

  /** The engine's documents with what it has not yet on top. */
  #taken(answer: DraftAnswer): void {
    const design = this.design.value
    if (design === null) return
    const documents = applyAll(this.#saved, this.#unsaved)
    const saving: Saving = this.#unsaved.length === 0 ? { state: 'saved' } : { state: 'saving' }
    this.design.set({ ...design, draft: withDocuments(design.draft, documents), types: { ...design.types, ...answer.types }, inferred: answer.inferred ?? design.inferred, saving })
  }

  async #refused(problem: ApiProblem): Promise<void> {
    const design = this.design.value
    if (design === null) return
    if (problem.code === 'definitions.stale') return this.rebase()
    if (problem.status === 0 || problem.status >= 500 || problem.status === 429 || problem.status === 401) {
      this.design.set({ ...design, saving: { state: 'waiting' } })
      this.#later(retryAfterMs)
      return
    }
    // The engine cannot do this step at all: what it has is what counts.
    this.#unsaved = []
    this.failure.set(problem)
    await this.#reload()
  }

  async #reload(): Promise<void> {
    const { api } = this.#client
    const [published, answer] = await Promise.all([api.get<PublishedAnswer>('/api/definitions'), api.get<DraftAnswer>(draftPath)])
    this.#open(withComputed(published.body), answer.body)
    await this.#check()
  }

  /**
   * Puts the draft on top of what was published meanwhile. Where both changed the same place, `prefer` decides; without
   * it the state becomes `stale` with those places.
   */
  async rebase(prefer?: 'mine' | 'theirs'): Promise<void> {
    const unsaved = this.#unsaved
    try {
      await this.#client.api.post(`${draftPath}/rebase`, prefer === undefined ? {} : { prefer })
      await this.#reload()
    } catch (thrown) {
      const problem = asProblem(thrown)
      const design = this.design.value
      if (problem.code !== 'definitions.stale' || design === null) throw thrown
      this.design.set({ ...design, saving: { state: 'stale', conflicts: (problem.body['conflicts'] ?? []) as unknown as readonly DraftConflict[] } })
      return
    }
    this.#again(unsaved)
  }

  /** Steps that the engine had not taken before the documents were replaced. */
  #again(operations: readonly Operation[]): void {
    for (const operation of operations) {
      try {
        this.perform([operation])
      } catch {
        // Its place is gone: somebody else removed what it changed.
      }
    }
  }

  /** Throws the draft away. */
  async discard(): Promise<void> {
    window.clearTimeout(this.#timer)
    await this.#sending
    this.#unsaved = []
    await this.#client.api.delete(draftPath)
    await this.#reload()
  }

  /** After a publish: the draft is what is in force. */
  async published(): Promise<void> {
    this.#unsaved = []
    const design = this.design.value
    // What is live is not undone step by step: the versions lead back.
    if (design !== null) this.design.set({ ...design, draft: openDraft(design.draft.documents) })
    await this.#reload()
  }

  async #check(): Promise<void> {
    const { api } = this.#client
    const before = this.design.value
    const changed = before !== null && changedPaths(before.published.documents, before.draft.documents).length > 0
    const [{ body }, drafted] = await Promise.all([
      api.post<{ readonly problems: readonly DraftProblem[] }>('/api/definitions/check', {}),
      changed ? api.get<UiModel>(`${draftPath}/model`, { query: { locale: api.language } }).then((answer) => answer.body) : null,
    ])
    const design = this.design.value
    if (design !== null && this.#unsaved.length === 0) this.design.set({ ...design, problems: body.problems.map((problem) => ({ ...problem, documents: design.draft.documents })), drafted, checked: design.draft.documents })
  }

  /** Somebody published: an untouched draft simply follows, another is put on top. */
  #modelChanged(): void {
    const version = this.#client.model.current.value?.version
    const design = this.design.value
    if (version === undefined || design === null || version === design.published.version) return
    void this.flush().then(() => this.load())
  }
}

function merged(documents: Documents, touched: DraftAnswer['documents']): Documents {
  const next: Record<string, Documents[string]> = { ...documents }
  for (const [path, document] of Object.entries(touched)) {
    if (document === null) delete next[path]
    else next[path] = document
  }
  return next
}

const sameDocuments = (a: Documents, b: Documents): boolean => JSON.stringify(a) === JSON.stringify(b)

const stores = new WeakMap<Client, DraftStore>()

/** The draft of this page. */
export function draftOf(client: Client): DraftStore {
  const known = stores.get(client)
  if (known !== undefined) return known
  const made = new DraftStore(client)
  stores.set(client, made)
  return made
}
