/** Texts that are typed and not in the draft yet, kept for the session of this browser tab: a page that is left or loaded again loses none. */
import type { TextState } from './text-state.js'

const keyOf = (path: string): string => `tessera.text.${path}`

export const kept = {
  keep(path: string, state: TextState): void {
    try {
      sessionStorage.setItem(keyOf(path), JSON.stringify(state))
    } catch {
      // Storage that is forbidden or full: it lasts as long as the page.
    }
  },

  read(path: string): TextState | null {
    try {
      return JSON.parse(sessionStorage.getItem(keyOf(path)) ?? 'null') as TextState | null // written above
    } catch {
      return null
    }
  },

  forget(path: string): void {
    try {
      sessionStorage.removeItem(keyOf(path))
    } catch {
      // Nothing was kept then.
    }
  },
}
