/** What a list asks with, for the views that show its records as something else than rows. */
import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity, UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import type { ListQuery, Rec } from '../client/records.js'
import type { Surroundings } from '../fields/contract.js'
import type { Column } from './table/columns.js'
import type { Shape } from './shapes.js'
import type { Totals } from './table/summaries.js'

/** What a list tells the view that shows its records. The same object for the same question: another one is asked anew. */
export interface Question {
  readonly client: Client
  readonly model: UiModel
  readonly entity: UiEntity
  readonly query: ListQuery & { readonly fields: string }
  readonly columns: readonly Column[]
  /** Of columns that are shown. */
  readonly totals: Totals
  readonly surroundings: Surroundings
  /** Address of a record. */
  readonly address: (record: Rec) => string
  /** Address of the rows among these that meet a condition. */
  readonly among: (condition: JsonObject) => string
  readonly open: (id: number) => void
  /** Shows the records as something else. */
  readonly choose: (shape: Shape) => void
}
