/** What is to be told of computed values beside the values. */
import type { Api } from './api.js'

/** Of one field; see `GET /api/records/{entity}/computed`. */
export interface FieldState {
  /** RFC 3339: exact for this moment at least. */
  readonly asOf?: string
  readonly progress?: { readonly done: number; readonly total: number | null }
  readonly failed?: { readonly code: string; readonly message?: string }
}

export type FieldStates = Readonly<Record<string, FieldState>>

/** By field key. @param record also why values of this record are missing */
export async function computedStates(api: Api, entity: string, record?: number): Promise<FieldStates> {
  return (await api.get<{ readonly fields: FieldStates }>(`/api/records/${entity}/computed`, { query: record === undefined ? {} : { record: String(record) } })).body.fields
}
