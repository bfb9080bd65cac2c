/** People who may be told of a record. */
import type { Api } from './api.js'

export interface Person {
  readonly id: number
  readonly name: string
}

/** The first whose names have the words; `of`: who reads what is going to be written, too. */
export async function peopleFor(api: Api, entity: string, id: number, q: string, of: string): Promise<readonly Person[]> {
  const { body } = await api.get<{ readonly people: readonly Person[] }>(`/api/records/${encodeURIComponent(entity)}/${String(id)}/people`, { query: { q: q === '' ? undefined : q, of } })
  return body.people
}
