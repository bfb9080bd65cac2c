/** Why somebody may or may not do something with a record, as the engine tells it. */
import type { JsonObject } from '../../metadata/contract/json.js'
import type { Api } from './api.js'

export interface Explanation {
  readonly allowed: boolean
  readonly user: { readonly roles: readonly string[] }
  /** One for each role that says something about the entity. */
  readonly rules: readonly { readonly role: string; readonly title: string; readonly grants: boolean; readonly where: JsonObject | null; readonly holds: boolean }[]
  readonly fields: Readonly<Record<string, string>>
  readonly automatic: readonly string[]
  /** Of a transition that was asked about. */
  readonly transition?: {
    readonly leadsAway: boolean
    /** Null: it needs none of its own. */
    readonly roles: readonly string[] | null
    readonly holdsRole: boolean
    readonly guard: { readonly holds: boolean; readonly where: JsonObject | null; readonly message: string | null }
  }
}

/** `user` null: the caller. The action may be `transition:` with the name of one. */
export async function explain(api: Api, entity: string, id: number, action: 'read' | 'update' | `transition:${string}`, user: number | null): Promise<Explanation> {
  const { body } = await api.get<Explanation>(`/api/records/${encodeURIComponent(entity)}/${String(id)}/explain`, { query: { action, user: user ?? undefined, locale: api.language } })
  return body
}
