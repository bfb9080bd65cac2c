/** What each page of the studio is handed. */
import type { UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import type { Surroundings } from '../fields/contract.js'
import type { Design, DraftStore } from './draft/draft-store.js'
import type { Perform } from './entities/field-panel.js'
import type { UpgradeBody } from './layers/upgrade.js'
import type { Attempt } from './entities/trial.js'

/** The draft, and what may be done with it. */
export interface Desk {
  /** Of what is only in the draft it finds no records. */
  readonly client: Client
  /** The screens' model as it is in force. */
  readonly model: UiModel
  /** The same with the draft, as far as that compiles: what conditions, lists and forms are built on. */
  readonly drafted: UiModel
  readonly design: Design
  /** Where the draft is kept: for what is done with all of it at once. */
  readonly store: DraftStore
  readonly surroundings: Surroundings
  /** The question of the address, e.g. `field=name`. */
  readonly query: string
  /** Does a command on the draft; it can be undone, and is saved by itself. */
  readonly perform: Perform
  readonly attempt: Attempt
  /** Shows what publishing would do; with a version, what going back to it would do. */
  readonly review: (restore: number | null) => void
  /** The same of a new version of a lower layer; true when it was published. */
  readonly upgrade: (upgrade: UpgradeBody) => Promise<boolean>
}
