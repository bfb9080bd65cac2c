/**
 * Row numbers on top of cursors. The engine gives pages by cursor (keyset), a grid asks for page 17. Pages that follow
 * each other cost one request each. A jump far ahead walks there from the nearest known cursor in big steps that carry
 * nothing but ids; the cursors found on the way are kept, so that going back is one request again.
 */

export interface CursorPage<R> {
  readonly records: readonly R[]
  readonly next: string | null
}

export interface PageSource<R> {
  /** A page with everything that the list shows. */
  page(cursor: string | null, limit: number): Promise<CursorPage<R>>
  /** The same order and the same cursors with as little content as possible. */
  skip(cursor: string | null, limit: number): Promise<CursorPage<unknown>>
}

/** Rows of one page of a list and of one request. */
export const gridPageSize = 100

/** Rows that one request may skip: the engine's largest page. */
const stepMax = 500

export class KeysetPages<R> {
  readonly #source: PageSource<R>
  readonly #pageSize: number
  /** Cursor that begins each page; page 0 has none. */
  readonly #cursors = new Map<number, string | null>([[0, null]])
  readonly #pages = new Map<number, Promise<readonly R[]>>()
  #walk: Promise<unknown> = Promise.resolve()
  /** Number of rows once the end was seen. */
  #end: number | null = null

  constructor(source: PageSource<R>, pageSize: number) {
    this.#source = source
    this.#pageSize = pageSize
  }

  /** How many rows there are, known once the last page was read; null before. */
  get end(): number | null {
    return this.#end
  }

  /** Rows of a page, fewer on the last one and none beyond. A failed page is asked for again next time. */
  page(index: number): Promise<readonly R[]> {
    const known = this.#pages.get(index)
    if (known !== undefined) return known
    const asked = this.#load(index)
    this.#pages.set(index, asked)
    asked.catch(() => this.#pages.delete(index))
    return asked
  }

  /** Begins to read a page that somebody is on the way to, so that its rows come into sight one by one and not all at once when the answer is there. */
  readAhead(index: number): void {
    if (this.#end === null) this.page(index).catch(() => {}) // whoever comes there asks again
  }

  /** Number of a row that was loaded before; null when none fits. */
  async rowOf(fits: (row: R) => boolean): Promise<number | null> {
    for (const [index, asked] of this.#pages) {
      const at = (await asked.catch(() => [])).findIndex(fits)
      if (at >= 0) return index * this.#pageSize + at
    }
    return null
  }

  /** One row by its number; undefined before the first and beyond the last. */
  async row(number: number): Promise<R | undefined> {
    return number < 0 ? undefined : (await this.page(Math.floor(number / this.#pageSize)))[number % this.#pageSize]
  }

  async #load(index: number): Promise<readonly R[]> {
    const known = this.#cursors.get(index)
    const cursor = known === undefined ? await this.#findCursor(index) : known
    if (cursor === undefined) return []
    const { records, next } = await this.#source.page(cursor, this.#pageSize)
    if (next === null) this.#end = index * this.#pageSize + records.length
    else this.#cursors.set(index + 1, next)
    return records
  }

  /** Cursor of a page that none was known of; undefined beyond the end. */
  async #findCursor(index: number): Promise<string | null | undefined> {
    // The page before is on its way: its answer brings the cursor.
    const before = this.#pages.get(index - 1)
    if (before !== undefined) await before
    if (!this.#cursors.has(index)) {
      const walked = this.#walk.then(() => this.#walkTo(index))
      this.#walk = walked.catch(() => {})
      await walked
    }
    return this.#cursors.get(index)
  }

  async #walkTo(index: number): Promise<void> {
    let at = Math.max(...[...this.#cursors.keys()].filter((page) => page <= index))
    const stepPages = Math.max(1, Math.floor(stepMax / this.#pageSize))
    while (at < index && (this.#end === null || at * this.#pageSize < this.#end)) {
      const pages = Math.min(stepPages, index - at)
      const { records, next } = await this.#source.skip(this.#cursors.get(at) ?? null, pages * this.#pageSize)
      if (next === null) {
        this.#end = at * this.#pageSize + records.length
        return
      }
      at += pages
      this.#cursors.set(at, next)
    }
  }
}
