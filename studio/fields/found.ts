/** Records that fit what is typed, for a combo box: page after page, asked for when the person stops typing. */
import type { Choice, Lookup } from './contract.js'

const typingPauseMs = 150

interface Asked {
  readonly filter: string
  readonly page: number
  readonly pageSize: number
}

type Done = (items: Choice[], size?: number) => void

export class Found {
  /** Told for every question that was answered: what was typed and found in no record, or ''. */
  readonly #told: (missing: string) => void

  constructor(told: (missing: string) => void) {
    this.#told = told
  }

  /** Cursors of the pages of the present question; page 0 needs none. */
  #cursors: (string | null)[] = [null]
  #question = ''
  #timer: number | undefined

  /** A data provider of Vaadin's combo boxes. `creating`: where none has the name that was typed, the last choice makes one. */
  provide(lookup: Lookup | undefined, entity: string, asked: Asked, done: Done, creating = false): void {
    window.clearTimeout(this.#timer)
    if (asked.filter !== this.#question) {
      this.#question = asked.filter
      this.#cursors = [null]
    }
    this.#timer = window.setTimeout(() => void this.#ask(lookup, entity, asked, done, creating), asked.filter === '' ? 0 : typingPauseMs)
  }

  async #ask(lookup: Lookup | undefined, entity: string, { filter, page, pageSize }: Asked, done: Done, creating: boolean): Promise<void> {
    const cursor = this.#cursors[page]
    if (lookup === undefined || cursor === undefined) {
      done([], page * pageSize)
      return
    }
    try {
      const { items, next } = await lookup.find(entity, filter, cursor)
      if (filter !== this.#question) return
      if (next !== null) this.#cursors[page + 1] = next
      // The size is not known before the last page: it grows by one page as long as there is more.
      const name = filter.trim()
      const isNew = creating && next === null && name !== '' && lookup.create !== undefined && lookup.entity(entity)?.may.create === true && !items.some((item) => item.name.toLowerCase() === name.toLowerCase())
      // What is called as was typed is chosen with Enter: a new record only where nothing else was found.
      const all = isNew ? [...items, { id: 0, name: items.length === 0 ? name : `${name} …`, create: name }] : [...items]
      done(all, page * pageSize + all.length + (next === null ? 0 : pageSize))
      this.#told(all.length + page === 0 ? name : '')
    } catch {
      done([], page * pageSize)
    }
  }
}
