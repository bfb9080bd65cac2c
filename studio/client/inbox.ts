/** What this person was told (`/api/notifications`), and how much of it they have not read. Knows no screens. */
import type { Notification } from '../../metadata/contract/notification.js'
import type { Api } from './api.js'
import type { Model } from './model.js'
import { oneAtATime } from './refresh.js'
import { Store } from './store.js'

export interface InboxPage {
  readonly items: readonly Notification[]
  readonly next: string | null
}

export class Inbox {
  readonly unread = new Store(0)
  readonly #api: Api

  constructor(api: Api, { told }: Model) {
    this.#api = api
    told.subscribe(() => void this.count())
  }

  /** Asks how many are not read; what cannot be asked now is asked at the next event. */
  readonly count = oneAtATime(async () => {
    try {
      this.unread.set((await this.#api.get<{ readonly count: number }>('/api/notifications/unread')).body.count)
    } catch {
      // The shell tells that there is no connection.
    }
  })

  async page(unread: boolean, cursor: string | null): Promise<InboxPage> {
    return (await this.#api.get<InboxPage>('/api/notifications', { query: { unread: unread ? true : undefined, cursor: cursor ?? undefined } })).body
  }

  async mark(ids: readonly number[], read: boolean): Promise<void> {
    await this.#api.post('/api/notifications/read', { ids, read })
    await this.count()
  }

  /** Marks all as read up to the newest that was seen. */
  async markUpTo(id: number): Promise<void> {
    await this.#api.post('/api/notifications/read', { upTo: id })
    await this.count()
  }
}
