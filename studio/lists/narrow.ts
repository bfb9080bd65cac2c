import type { Observable } from '../client/store.js'

/** Is there room for columns? Lists show a row as a card where there is not. */
export const narrow = window.matchMedia('(max-width: 720px)')

/** For a `Watch`: the window has become narrow or wide. */
export const narrowing: Observable = {
  subscribe(listener) {
    narrow.addEventListener('change', listener)
    return () => narrow.removeEventListener('change', listener)
  },
}
