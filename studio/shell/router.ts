/** Moves between addresses: links, the back button, a record looked into beside the page, and a question before unsaved work is left. Knows no screens. */
import { Store } from '../client/store.js'
import { parsePeek, parseRoute, peekHash, type Peek, type Route } from './routes.js'

/** Resolves true when the page may be left. */
export type LeaveGuard = () => Promise<boolean>

interface Entry {
  readonly index: number
  /** Address of the page before, when it was one of ours. */
  readonly from?: string
  /** How many records were looked into since the page was alone: so many steps back it is again. */
  readonly peeks?: number
  /** How far down its reader was. Pixels. */
  readonly scrolled?: number
  /** The first row in sight of its list when the window was left or loaded anew. */
  readonly row?: number
}

const here = (): Route => parseRoute(location.pathname, location.search)
const address = (): string => location.pathname + location.search
const entry = (): Entry | null => history.state as Entry | null

export class Router {
  readonly route = new Store<Route>(here())
  /** The record that is looked into beside the page. */
  readonly peek = new Store<Peek | null>(parsePeek(location.hash))
  readonly #guards = new Set<LeaveGuard>()
  /** Asked before another record is looked into, or none. */
  #peekGuard: LeaveGuard | null = null
  #index = 0
  /** Address of the page that is shown. */
  #shown = address()
  /** A step back that only undoes one which the guard refused. */
  #undoing = false

  start(): void {
    this.#index = entry()?.index ?? 0
    history.replaceState({ ...entry(), index: this.#index }, '')
    window.addEventListener('popstate', () => void this.#popped())
    document.addEventListener('click', (event) => this.#clicked(event))
  }

  /** Asked before every change of page until `release` is called with the same guard. */
  guard(guard: LeaveGuard): void {
    this.#guards.add(guard)
  }

  /** Asked before another record is looked into or none is, too. */
  guardPeek(guard: LeaveGuard): void {
    this.#peekGuard = guard
  }

  release(guard: LeaveGuard): void {
    this.#guards.delete(guard)
    if (this.#peekGuard === guard) this.#peekGuard = null
  }

  /** Goes to an address of this product. Resolves false when unsaved work was kept instead. */
  async go(to: string): Promise<boolean> {
    if (to === address()) return this.closePeek()
    if (!(await this.#mayLeave(true))) return false
    this.#push({ from: address() }, to)
    return true
  }

  /** Looks into a record beside the page; the back button ends that. */
  async look(peek: Peek): Promise<void> {
    const hash = peekHash(peek)
    if (hash === location.hash || !(await this.#mayLeave(false))) return
    const { from, peeks = 0 } = entry() ?? {}
    this.#push({ ...(from !== undefined && { from }), peeks: peeks + 1 }, address() + hash)
  }

  /** The page alone again. Resolves false when unsaved work was kept instead. */
  async closePeek(): Promise<boolean> {
    if (this.peek.value === null) return true
    if (!(await this.#mayLeave(false))) return false
    const peeks = entry()?.peeks ?? 0
    if (peeks > 0) history.go(-peeks)
    else this.#replaceWith(address())
    return true
  }

  /** Changes the address of the same page, e.g. the state of a list; the back button does not stop here. What is looked into beside it stays while the path does. */
  replace(to: string): void {
    this.#replaceWith(new URL(to, location.href).pathname === location.pathname ? to + location.hash : to)
  }

  /** Begins something on the page that is shown which the back button ends, by `over`. Gives what to call when it ends otherwise. */
  within(over: () => void): () => void {
    const { from } = entry() ?? {}
    const began = address()
    this.#push({ ...(from !== undefined && { from }) }, began + location.hash)
    const index = this.#index
    const popped = (): void => void ((entry()?.index ?? 0) < index && over())
    window.addEventListener('popstate', popped)
    return () => {
      window.removeEventListener('popstate', popped)
      // What the address says by now is not given up for it.
      if (entry()?.index === index && address() === began) history.back()
    }
  }

  /** True when "back" leads to this path, so that going there is going back. */
  cameFromHere(path: string): boolean {
    const { from, peeks = 0 } = entry() ?? {}
    return peeks === 0 && from !== undefined && (from === path || from.startsWith(`${path}?`))
  }

  /** How far down its reader was on the page that is shown. Pixels. */
  get scrolled(): number {
    return entry()?.scrolled ?? 0
  }

  keepScrolled(px: number): void {
    history.replaceState({ ...entry(), scrolled: px }, '')
  }

  /** The first row that was in sight of the list that is shown. */
  get row(): number {
    return entry()?.row ?? 0
  }

  keepRow(row: number): void {
    history.replaceState({ ...entry(), row }, '')
  }

  #push(state: Omit<Entry, 'index' | 'scrolled'>, to: string): void {
    const stays = to.replace(/#.*/, '') === address() // the page is the same
    this.#index += 1
    history.pushState({ ...state, ...(stays && { scrolled: this.scrolled }), index: this.#index }, '', to)
    this.#arrived()
  }

  #replaceWith(to: string): void {
    const { peeks = 0, row: _ofOtherRows, ...before } = entry() ?? {}
    history.replaceState({ ...before, ...(to.includes('#') && { peeks }), index: this.#index }, '', to)
    this.#arrived()
  }

  #arrived(): void {
    this.#shown = address()
    const peek = parsePeek(location.hash)
    const { value } = this.peek
    if (peek?.entity !== value?.entity || peek?.id !== value?.id) this.peek.set(peek)
    this.route.set(here())
  }

  async #popped(): Promise<void> {
    const index = entry()?.index ?? 0
    if (this.#undoing) {
      this.#undoing = false
      this.#index = index
      return
    }
    const delta = index - this.#index
    const leaves = address() !== this.#shown
    if (delta !== 0 && (this.#peekGuard !== null || (leaves && this.#guards.size > 0))) {
      // The browser has moved already: step back to the form, ask there, and move again if allowed.
      this.#undoing = true
      history.go(-delta)
      if (!(await this.#mayLeave(leaves))) return
      history.go(delta)
      return
    }
    this.#index = index
    this.#arrived()
  }

  /** `page`: the page is left, and what is beside it. */
  async #mayLeave(page: boolean): Promise<boolean> {
    for (const guard of [...(this.#peekGuard === null ? [] : [this.#peekGuard]), ...(page ? this.#guards : [])]) {
      if (!(await guard())) return false
      this.release(guard)
    }
    return true
  }

  /** Plain clicks on links within the product, and what asks to look into a record; everything else is the browser's. */
  #clicked(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.altKey) return
    const path = event.composedPath()
    const eye = path.find((node): node is HTMLButtonElement => node instanceof HTMLButtonElement && node.dataset['peek'] !== undefined)
    const link = path.find((node): node is HTMLAnchorElement => node instanceof HTMLAnchorElement)
    const wanted = eye?.dataset['peek'] ?? (link === undefined || link.target !== '' || link.hasAttribute('download') ? undefined : link.href)
    if (wanted === undefined) return
    const to = new URL(wanted, location.href)
    if (to.origin !== location.origin || to.pathname.startsWith('/api/')) return
    const route = parseRoute(to.pathname, to.search)
    if (eye === undefined && !event.shiftKey) {
      event.preventDefault()
      void this.go(to.pathname + to.search + (parsePeek(to.hash) === null ? '' : to.hash))
    } else if (route.page === 'record') {
      event.preventDefault()
      window.getSelection()?.removeAllRanges() // the browser's meaning of Shift
      void this.look(route)
    }
  }
}

/** The page's one router: an address bar is global by nature. */
export const router = new Router()
