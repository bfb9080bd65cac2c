/** A computed field while it is being written: what the engine says of it. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'

export interface Trial {
  readonly problems: readonly { readonly at: string; readonly message: string }[]
  /** Field type of its values; null while there is something wrong. */
  readonly type: string | null
  readonly options: JsonObject
  /** What the newest records would have. */
  readonly samples: readonly { readonly id: number; readonly name: string; readonly value: Json }[]
}

/** Asks the engine; nothing is changed. */
export type Attempt = (entity: string, key: string, property: JsonObject) => Promise<Trial>
