/** The screens' model (`GET /api/model`), kept up to date by the engine's events. Knows nothing of what is shown. */
import type { UiEntity, UiField, UiModel } from '../../metadata/contract/ui-model.js'
import type { Api } from './api.js'
import { inWords } from '../fields/parts.js'
import { randomKey } from './random.js'
import { oneAtATime, spaced, type Refreshed } from './refresh.js'
import { Store } from './store.js'
import { whenIdle } from '../ui/when-idle.js'

/** A record was saved, archived or restored by somebody, maybe by this page. */
export interface RecordEvent {
  readonly entity: string
  readonly id: number
  readonly version: number
  readonly action: string
}

/** Told of an event, or of null when some may have gone by unseen: then what is shown is to be read again. */
export type RecordListener = (event: RecordEvent | null) => void

/** Whoever is told a hundred things in a second looks twice. */
const toldPauseMs = 500

export class Model {
  readonly current = new Store<UiModel | null>(null)
  /** What this page is called among those that show records. */
  readonly page = randomKey()
  /** Changes when somebody came to or left the record that this page shows, or may have. */
  readonly present = new Store(0)
  /** Changes when the caller was told something, or may have been. */
  readonly told = new Store(0)
  readonly #listeners = new Set<RecordListener>()
  readonly #api: Api
  #etag = ''
  #asked: { readonly language: string; readonly answered: Promise<void> } | null = null
  #stream: EventSource | null = null

  constructor(api: Api) {
    this.#api = api
  }

  /** The model in the reader's language is there, or on its way: it is asked for once, however many need it. */
  ready(): Promise<void> {
    if (this.#asked?.language === this.#api.language) return this.#asked.answered
    const asked = { language: this.#api.language, answered: this.load() }
    this.#asked = asked
    asked.answered.catch(() => this.#asked === asked && (this.#asked = null))
    return asked.answered
  }

  /** Asks for the model; keeps the same object when it has not changed, so that nothing is drawn again. */
  async load(): Promise<void> {
    const { language } = this.#api
    const options = this.#etag === '' ? {} : { ifNoneMatch: this.#etag }
    const { status, body, etag } = await this.#api.get<UiModel>('/api/model', { ...options, query: { locale: language } })
    // What comes in another language than that of now was asked for before it was chosen.
    if (status === 304 || language !== this.#api.language) return
    this.#etag = etag
    this.current.set(body)
  }

  /** Listens until `close`. The browser reconnects by itself; after a gap the model is asked for again. */
  listen(): void {
    this.close()
    const stream = new EventSource(this.#api.address('/api/events', { page: this.page }))
    this.#stream = stream
    const loading = oneAtATime(() => this.load())
    const reload = (): void => void loading().catch(() => {})
    const news = spaced(() => this.told.set(this.told.value + 1), toldPauseMs)
    const presence = (): void => this.present.set(this.present.value + 1)
    let opened = false
    stream.addEventListener('open', () => {
      if (opened) {
        reload()
        news()
        this.tell(null)
        presence()
      } else {
        // What came between the model and this is seldom: the first screen does not wait for it.
        whenIdle(async () => {
          news()
          await loading()
        }, 0)
      }
      opened = true
    })
    stream.addEventListener('model', () => {
      reload()
      news()
    })
    stream.addEventListener('notification', news)
    stream.addEventListener('presence', presence)
    stream.addEventListener('record', (event) => {
      if (event instanceof MessageEvent) this.tell(JSON.parse(String(event.data)) as RecordEvent)
    })
  }

  /** Calls `listener` at every change of a record; returns how to stop. */
  onRecord(listener: RecordListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Tells all who listen; with null when much changed of which no event told. */
  tell(event: RecordEvent | null): void {
    for (const listener of this.#listeners) listener(event)
  }

  close(): void {
    this.#stream?.close()
    this.#stream = null
  }

  /** Forgets everything, e.g. after signing out. */
  clear(): void {
    this.close()
    this.#etag = ''
    this.#asked = null
    this.current.set(null)
  }
}

/** For `Refresh`: news of records that concern the host, and that some may have gone by unseen. */
export const newsOfRecords =
  (model: () => Model | undefined, concerns: (event: RecordEvent) => boolean): Refreshed['listen'] =>
  (news) =>
    model()?.onRecord((event) => {
      if (event === null || concerns(event)) news()
    })

/** A field of an entity by its key. */
export const fieldOf = (entity: UiEntity, key: string): UiField | undefined => entity.fields.find((field) => field.key === key)

/** A part of a field's value by its name, in the reader's words. */
export function partOf(field: UiField, name: string): UiField | undefined {
  const part = field.parts?.find(({ key }) => key === name)
  return part === undefined ? undefined : inWords(part)
}

/** A field by a path such as `store.region` or `address.city`, with the field of each hop; undefined when some part is not there. */
export function fieldAt(model: Pick<UiModel, 'entities'>, entity: UiEntity, path: string): UiField | undefined {
  const [first = '', ...rest] = path.split('.')
  const field = fieldOf(entity, first)
  if (field === undefined || rest.length === 0) return field
  if (field.parts !== undefined) return rest.length === 1 ? partOf(field, rest[0] ?? '') : undefined
  const target = field.to === undefined ? undefined : model.entities[field.to]
  return target === undefined ? undefined : fieldAt(model, target, rest.join('.'))
}
