/** What this person is asked to decide (`/api/approvals`), and who decides for them while they are away. Knows no screens. */
import type { Approval } from '../../metadata/contract/approval.js'
import type { JsonObject } from '../../metadata/contract/json.js'
import type { Api } from './api.js'
import { language } from './i18n.js'

export interface ApprovalPage {
  readonly approvals: readonly Approval[]
  readonly next: string | null
}

interface Named {
  readonly id: number
  readonly name: string | null
}

export interface Absence {
  readonly absence: { readonly delegate: Named; readonly from: string; readonly until: string } | null
  readonly standsInFor: readonly (Named & { readonly until: string })[]
}

export class Approvals {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** Newest first. @param record `member/7`: only what is about it */
  async page({ all = false, record, cursor }: { readonly all?: boolean; readonly record?: string; readonly cursor?: string }): Promise<ApprovalPage> {
    return (await this.#api.get<ApprovalPage>('/api/approvals', { query: { state: all ? 'all' : undefined, record, cursor, locale: language.value } })).body
  }

  async vote(id: number, vote: { readonly decision: 'approve' | 'reject'; readonly comment: string; readonly values: JsonObject }): Promise<Approval> {
    return (await this.#api.post<Approval>(`/api/approvals/${String(id)}/vote`, vote, { query: { locale: language.value } })).body
  }

  async absence(): Promise<Absence> {
    return (await this.#api.get<Absence>('/api/approvals/absence')).body
  }

  async beAway(delegate: number, from: string, until: string): Promise<Absence> {
    return (await this.#api.send<Absence>('PUT', '/api/approvals/absence', { body: { delegate, from, until } })).body
  }

  async beBack(): Promise<void> {
    await this.#api.delete('/api/approvals/absence')
  }
}
