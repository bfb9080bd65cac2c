/** Views that people saved (`/api/views`), loaded once and again after every change of them. Knows no screens. */
import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity, UiList, UiSavedView, UiViews } from '../../metadata/contract/ui-model.js'
import type { Api } from './api.js'
import { language } from './i18n.js'
import { Store } from './store.js'

export const noViews: UiViews = { views: [], first: {}, shareWith: [] }

/** What can be changed of a saved view. */
export interface ViewChanges {
  readonly title?: string
  readonly roles?: readonly string[]
  readonly definition?: JsonObject
}

export class Views {
  readonly current = new Store<UiViews>(noViews)
  readonly #api: Api
  #asked: Promise<void> | null = null
  /** Between the tabs of one browser, which are signed in together. */
  readonly #tabs = new BroadcastChannel('tessera.views')

  constructor(api: Api) {
    this.#api = api
    this.#tabs.addEventListener('message', () => void this.load().catch(() => {})) // it was nobody's wish here; the next change asks again
  }

  /** They are there, or on their way: asked for once, however many need them. */
  ready(): Promise<void> {
    const asked = this.#asked ?? this.load()
    this.#asked = asked
    asked.catch(() => this.#asked === asked && (this.#asked = null))
    return asked
  }

  /** Forgets everything, e.g. after signing out. */
  clear(): void {
    this.#asked = null
    this.current.set(noViews)
  }

  async load(): Promise<void> {
    this.current.set((await this.#api.get<UiViews>('/api/views', { query: { locale: language.value } })).body)
  }

  async add(entity: string, view: Required<ViewChanges>): Promise<UiSavedView> {
    const { body } = await this.#api.post<UiSavedView>('/api/views', { entity, ...view })
    await this.#changed()
    return body
  }

  async change({ id, version }: UiSavedView, changes: ViewChanges): Promise<void> {
    await this.#api.patch(`/api/views/${id}`, changes, { ifMatch: `"${version}"` }).finally(() => void this.load().catch(() => {}))
    await this.#changed()
  }

  async remove({ id, version }: UiSavedView): Promise<void> {
    await this.#api.delete(`/api/views/${id}`, { ifMatch: `"${version}"` })
    await this.#changed()
  }

  async restore({ id }: UiSavedView): Promise<void> {
    await this.#api.post(`/api/views/${id}/restore`, {})
    await this.#changed()
  }

  /** `view` null: begin as everybody does. */
  async beginWith(entity: string, view: string | null): Promise<void> {
    await this.#api.send('PUT', '/api/views/first', { body: { entity, view } })
    await this.#changed()
  }

  async #changed(): Promise<void> {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel reaches its own origin only
    this.#tabs.postMessage('changed')
    await this.load()
  }
}

/** Every view of an entity in the order in which they are offered: those of the definitions, then saved ones by name. */
export const viewsOf = (entity: UiEntity, { views }: UiViews): readonly UiList[] => [...entity.lists, ...views.filter((view) => view.entity === entity.name)]

/** The saved view behind a list; undefined for one of the definitions. */
export const savedOf = (view: UiList, { views }: UiViews): UiSavedView | undefined => views.find(({ name }) => name === view.name)

/** Name of the view that a list begins with when its address names none. */
export const firstOf = (entity: UiEntity, { first }: UiViews): string => first[entity.name] ?? entity.lists[0]?.name ?? ''
