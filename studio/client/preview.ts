/** Seeing the application as a role or as somebody else, in this tab of the browser alone. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import type { Api } from './api.js'

export interface Preview {
  /** Sent with every request; good for this session only. */
  readonly pass: string
  /** Whom: the title of the role, the name of the person. */
  readonly label: string
  /** Where the preview was begun. */
  readonly back: string
}

const place = 'tessera.preview'

/** The preview that this tab is in. */
export function currentPreview(): Preview | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(place) ?? 'null') as Json
    if (!isObject(kept)) return null
    const { pass, label, back } = kept
    return typeof pass === 'string' && typeof label === 'string' && typeof back === 'string' ? { pass, label, back } : null
  } catch {
    return null
  }
}

/** Begins one and shows the start page in it, in a window as wide as a telephone where `phone` is true. `role`, `user` and `with`: see `POST /api/previews`. Throws `ApiProblem`. */
export async function beginPreview(api: Api, as: { readonly role?: string; readonly user?: number; readonly with?: JsonObject }, label: string, phone = false): Promise<void> {
  const { body } = await api.post<{ readonly pass: string }>('/api/previews', as)
  sessionStorage.setItem(place, JSON.stringify({ pass: body.pass, label, back: location.pathname + location.search } satisfies Preview))
  // A window that is opened takes along what this tab keeps. Where the browser opens none, this tab shows it.
  if (phone && window.open('/', '', 'popup,width=390,height=844') !== null) return sessionStorage.removeItem(place)
  // Nothing that was read with other rights stays on the page.
  location.assign('/')
}

/** Back to oneself, where it was begun. */
export function leavePreview(): void {
  const back = currentPreview()?.back ?? '/'
  sessionStorage.removeItem(place)
  if (window.opener !== null) return window.close()
  location.assign(back.startsWith('/') && !back.startsWith('//') ? back : '/')
}
