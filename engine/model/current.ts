/** The one mutable reference of the engine: which compiled model is in force in this process. */
import type { Model } from './model.js'

export interface CurrentModel {
  get(): Model
  /** Puts a newer model in force and tells the subscribers; the present one and an older one are ignored. */
  swap(model: Model): void
  /** Calls `listener` after each swap; the returned function ends that. */
  subscribe(listener: (model: Model) => void): () => void
}

/** Starts with `initial` in force. */
export function currentModel(initial: Model): CurrentModel {
  let model = initial
  const listeners = new Set<(model: Model) => void>()
  return {
    get: () => model,
    swap(next) {
      if (next === model || next.version < model.version) return
      model = next
      for (const listener of listeners) listener(next)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
