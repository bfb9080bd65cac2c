/** One value that several elements look at. Nothing else in the studio keeps shared state. */
import type { ReactiveController, ReactiveControllerHost } from 'lit'

/** What a watcher needs of a store, whatever its value. */
export interface Observable {
  subscribe(listener: () => void): () => void
}

/** A value and those who want to know when it is replaced. Values are treated as immutable. */
export class Store<T> implements Observable {
  #value: T
  readonly #listeners = new Set<() => void>()

  constructor(value: T) {
    this.#value = value
  }

  get value(): T {
    return this.#value
  }

  /** Replaces the value and tells the listeners, unless it is the same value. */
  set(value: T): void {
    if (Object.is(value, this.#value)) return
    this.#value = value
    for (const listener of this.#listeners) listener()
  }

  /** Calls `listener` after every change; returns how to stop. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

/** Renders its host again whenever one of the stores changes, for as long as the host is in the page. */
export class Watch implements ReactiveController {
  readonly #host: ReactiveControllerHost
  readonly #stores: readonly Observable[]
  #stops: (() => void)[] = []

  constructor(host: ReactiveControllerHost, ...stores: readonly Observable[]) {
    this.#host = host
    this.#stores = stores
    host.addController(this)
  }

  hostConnected(): void {
    this.#stops = this.#stores.map((store) => store.subscribe(() => this.#host.requestUpdate()))
  }

  hostDisconnected(): void {
    for (const stop of this.#stops) stop()
    this.#stops = []
  }
}
