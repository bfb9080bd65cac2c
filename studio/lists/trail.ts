/** The list that was looked at last: from one of its records to the next without going back. Lasts as long as the page. */
import type { Rec } from '../client/records.js'
import type { KeysetPages } from './table/keyset-pages.js'

interface Trail {
  readonly entity: string
  readonly pages: KeysetPages<Rec>
  readonly count: number
  /** True when there are more than were counted. */
  readonly capped: boolean
}

/** Where a record stands in the list. */
export interface Place {
  /** From 1. */
  readonly position: number
  readonly count: number
  readonly capped: boolean
  readonly previous: number | null
  readonly next: number | null
}

let trail: Trail | undefined

export function leaveTrail(left: Trail): void {
  trail = left
}

/** Null when the record was in no list that was looked at. Throws `ApiProblem` when a neighbour cannot be asked for. */
export async function placeOf(entity: string, id: number): Promise<Place | null> {
  if (trail?.entity !== entity) return null
  const { pages, count, capped } = trail
  const row = await pages.rowOf((record) => record.id === id)
  if (row === null) return null
  const [previous, next] = await Promise.all([pages.row(row - 1), pages.row(row + 1)])
  return { position: row + 1, count: Math.max(count, row + 1), capped, previous: previous?.id ?? null, next: next?.id ?? null }
}
