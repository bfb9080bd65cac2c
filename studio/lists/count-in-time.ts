/** How many records a list has: rows that are there do not wait for it. */
import type { RecordPage } from '../client/records.js'

/** Up to then it is quicker to draw rows and count at once. */
const waitMs = 40

/** Of rows whose number is not known: there are more than those that were read. */
export const uncounted: RecordPage = { records: [], next: null }

/** The count; before it `uncounted`, where it takes longer than anybody should wait for rows that are there. */
export async function* countInTime(counted: Promise<RecordPage>): AsyncGenerator<RecordPage> {
  const early = await Promise.race([counted, new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), waitMs))])
  if (early === undefined) yield uncounted
  yield early ?? (await counted)
}
