/** Moves between addresses: links, the back button, and a question before unsaved work is left. Knows no screens. */
import { Store } from '../client/store.js'
import { parseRoute, type Route } from './routes.js'

/** Resolves true when the page may be left. */
export type LeaveGuard = () => Promise<boolean>

interface Entry {
  readonly index: number
  /** Address of the page before, when it was one of ours. */
  readonly from?: string
}

const here = (): Route => parseRoute(location.pathname, location.search)

export class Router {
  readonly route = new Store<Route>(here())
  #guard: LeaveGuard | null = null
  #index = 0
  /** A step back that only undoes one which the guard refused. */
  #undoing = false

  start(): void {
    const entry = history.state as Entry | null
    this.#index = entry?.index ?? 0
    history.replaceState({ ...entry, index: this.#index }, '')
    window.addEventListener('popstate', (event) => void this.#popped(event))
    document.addEventListener('click', (event) => this.#clicked(event))
  }

  /** Asked before every change of page until `release` is called with the same guard. One at a time. */
  guard(guard: LeaveGuard): void {
    this.#guard = guard
  }

  release(guard: LeaveGuard): void {
    if (this.#guard === guard) this.#guard = null
  }

  /** Goes to an address of this product. Resolves false when unsaved work was kept instead. */
  async go(address: string): Promise<boolean> {
    if (address === location.pathname + location.search) return true
    if (!(await this.#mayLeave())) return false
    this.#index += 1
    const entry: Entry = { index: this.#index, from: location.pathname + location.search }
    history.pushState(entry, '', address)
    this.route.set(here())
    return true
  }

  /** Changes the address of the same page, e.g. the state of a list; the back button does not stop here. */
  replace(address: string): void {
    const before = history.state as Entry | null
    history.replaceState({ ...before, index: this.#index }, '', address)
    this.route.set(here())
  }

  /** True when "back" leads to this path, so that going there is going back. */
  cameFromHere(path: string): boolean {
    const from = (history.state as Entry | null)?.from
    return from !== undefined && (from === path || from.startsWith(`${path}?`))
  }

  async #popped(event: PopStateEvent): Promise<void> {
    const entry = event.state as Entry | null
    const index = entry?.index ?? 0
    if (this.#undoing) {
      this.#undoing = false
      this.#index = index
      return
    }
    const delta = index - this.#index
    if (this.#guard !== null && delta !== 0) {
      // The browser has moved already: step back to the form, ask there, and move again if allowed.
      this.#undoing = true
      history.go(-delta)
      if (!(await this.#mayLeave())) return
      history.go(delta)
      return
    }
    this.#index = index
    this.route.set(here())
  }

  async #mayLeave(): Promise<boolean> {
    const guard = this.#guard
    if (guard === null) return true
    const allowed = await guard()
    if (allowed) this.release(guard)
    return allowed
  }

  /** Plain clicks on links within the product; everything else is the browser's. */
  #clicked(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const link = event.composedPath().find((node): node is HTMLAnchorElement => node instanceof HTMLAnchorElement)
    if (link === undefined || link.target !== '' || link.hasAttribute('download')) return
    const address = new URL(link.href, location.href)
    if (address.origin !== location.origin || address.pathname.startsWith('/api/')) return
    event.preventDefault()
    void this.go(address.pathname + address.search)
  }
}

/** The page's one router: an address bar is global by nature. */
export const router = new Router()
