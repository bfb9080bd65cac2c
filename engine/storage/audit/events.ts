/**
 * What happened besides changes of records: who looked at personal data, took data out, signed in, changed rights.
 * Append-only, like the table of changes; both are sealed together (`chain.ts`).
 */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { Executor, Row } from '../contract.js'
import { codec } from '../dialect.js'
import { rowsMost, rowsParameter, rowsSource } from '../queries/rows.js'

export const eventActions = [
  'looked', 'exported', 'signedIn', 'signInFailed', 'passwordChanged', 'passwordReset', 'tokenCreated', 'tokenRevoked', 'invited', 'sessionsEnded', 'previewed', 'published', 'backedUp', 'restored', 'downloaded', 'secretChanged', 'webhookChanged',
] as const
export type EventAction = (typeof eventActions)[number]

export interface NewEvent {
  readonly action: EventAction
  /** User id; null for the operator and for strangers. */
  readonly by: number | null
  readonly at: Date
  /** Identity of the entity that it is about. */
  readonly entity?: string
  /** Ids of its records. */
  readonly records?: readonly number[]
  /** Names and counts, never values of records. */
  readonly detail?: JsonObject
}

export const eventColumns = 'seq, action, event_by, at, entity, records, detail'
const appended = 'INSERT INTO tessera_event (action, event_by, at, entity, records, detail)'
const kinds = ['text', 'integer', 'instant', 'text', 'text', 'text'] as const

/** Appends events in the unit of what they tell of. */
export async function appendEvents(tx: Executor, events: readonly NewEvent[]): Promise<void> {
  const instant = codec(tx.dialect, { kind: 'instant' })
  const { cells, from } = rowsSource(tx.dialect, kinds)
  for (let start = 0; start < events.length; start += rowsMost) {
    const rows = events.slice(start, start + rowsMost).map(({ action, by, at, entity, records, detail }) =>
      [action, by, instant.encode(at.toISOString()), entity ?? null, records === undefined ? null : JSON.stringify(records), JSON.stringify(detail ?? {})])
    await tx.run(`${appended} SELECT ${cells.join(', ')} FROM ${from} WHERE TRUE`, [rowsParameter(rows)])
  }
}

export interface Event extends Required<Omit<NewEvent, 'at' | 'entity' | 'records'>> {
  /** RFC 3339. */
  readonly at: string
  readonly entity: string | null
  readonly records: readonly number[]
}

/** A row of `eventColumns`. */
export function toEvent(x: Executor, row: Row): Event {
  return {
    action: row['action'] as EventAction,
    by: row['event_by'] === null ? null : Number(row['event_by']),
    at: codec(x.dialect, { kind: 'instant' }).decode(row['at']) as string,
    entity: row['entity'] as string | null,
    records: JSON.parse((row['records'] as string | null) ?? '[]') as readonly number[],
    detail: JSON.parse(row['detail'] as string) as JsonObject,
  }
}
