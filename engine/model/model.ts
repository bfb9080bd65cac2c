/**
 * The compiled model: what every other part asks instead of reading definitions. Frozen, pure data and functions;
 * made by `compile.ts` at publish and at start, never per request.
 */
import type { CalendarDefinition, DashboardDefinition, FormDefinition, RoleDefinition, SegmentDefinition, ViewDefinition, WorkflowDefinition } from '../../metadata/contract/definitions.gen.js'
import type { Json, JsonObject, JsonSchema } from '../../metadata/contract/json.js'
import type { Finding } from '../errors.js'
import type { Derived } from '../fields/computed/contract.js'
import type { Column, FieldType } from '../fields/contract.js'
import type { Notice } from './notices.js'

export interface Model {
  /** The published metadata version this was compiled from; 0 before the first publish. */
  readonly version: number
  /** By API name. A `Map`, so that names such as `constructor` find nothing. */
  readonly entities: ReadonlyMap<string, Entity>
  readonly roles: ReadonlyMap<string, RoleDefinition>
  readonly dashboards: ReadonlyMap<string, DashboardDefinition>
  /** Hours of work, by name. */
  readonly calendars: ReadonlyMap<string, CalendarDefinition>
  readonly workflows: ReadonlyMap<string, WorkflowDefinition>
  /** Records under one name, by that name. */
  readonly segments: ReadonlyMap<string, SegmentDefinition>
  /** `roles`: who has the group in front of them; absent: everybody who may read one of the entities. */
  readonly navigation: readonly { readonly title: string; readonly entities: readonly string[]; readonly roles?: readonly string[] }[]
  readonly title: string
  /** IANA name of the zone in which days begin for what is computed and kept; people have zones of their own. */
  readonly timeZone: string
  /** BCP 47 tag of the language of people who have chosen none. */
  readonly language: string
  /** BCP 47 tag → document path → JSON Pointer → text. */
  readonly texts: ReadonlyMap<string, Readonly<Record<string, Readonly<Record<string, string>>>>>
  /** The merged documents that this was compiled from. */
  readonly documents: Documents
  /** What was left out because it cannot be used; empty for everything that went through a check. */
  readonly quarantined: readonly Finding[]
}

/** Documents of one layer, or of all layers merged: path (`member/entity.json`) → content. */
export type Documents = Readonly<Record<string, JsonObject>>

export interface Entity {
  /** API name: the key in paths and conditions. */
  readonly name: string
  /** Identity: never changes, names the table. */
  readonly id: string
  /** Physical table name, from the identity. */
  readonly table: string
  readonly title: string
  readonly plural: string
  readonly icon: string
  readonly history: boolean
  /** Key of the field that names a record. */
  readonly display: string
  /** Keys of the fields that tell most about a record beside its name. */
  readonly facts: readonly string[]
  /** Related records that stand in a record's timeline: `purchases.at`, a relation and a date or moment of its records. */
  readonly timeline: readonly string[]
  /** Whom its records tell of themselves. */
  readonly notices: readonly Notice[]
  /** How its records get from one state to another; null: they have none. */
  readonly lifecycle: Lifecycle | null
  /** Metadata fields, then system fields, in order, by key. Archived fields are not here (see `archived`). */
  readonly fields: ReadonlyMap<string, Field>
  /** Fields that were archived: their columns and data stay. */
  readonly archived: readonly Field[]
  /** To-many relations by name. */
  readonly relations: ReadonlyMap<string, Relation>
  readonly indexes: readonly Index[]
  readonly forms: ReadonlyMap<string, FormDefinition>
  readonly views: ReadonlyMap<string, ViewDefinition>
  readonly rules: readonly Rule[]
  /** Null: no rule sets anything, and saving costs nothing for it. */
  readonly sets: FieldSetter | null
  readonly duplicates: readonly DuplicateRule[]
  readonly needs: readonly Need[]
  /**
   * Checks a body for creating: canonical spelling, defaults, schema; `values` holds every metadata field that was sent or has a default.
   * Compiled on first use. Findings have JSON Pointers into the body. Says nothing about rights.
   */
  validateCreate(body: JsonObject): Validated
  /** The same for a patch: only what is sent; null clears. */
  validatePatch(body: JsonObject): Validated
  /** Findings of the entity's CEL rules over a complete record (own fields as on the wire, references as ids). */
  checkRules(record: JsonObject): readonly Finding[]
  /** Fields without a value that need one because of what stands in others; the record as for `checkRules`. */
  lacking(record: JsonObject): readonly Field[]
}

/** The states of an entity's records, and the transitions by which alone they get from one to another. */
export interface Lifecycle {
  /** Key of the field whose value is the state. */
  readonly field: string
  readonly initial: State
  /** Names of the roles whose holders may create records in any state. */
  readonly anyState: readonly string[]
  /** Keys of the fields that time limits need: the moment, whether it was missed, and who is told; null: no state has a limit. */
  readonly sla: { readonly until: string; readonly breached: string; readonly to: string } | null
  /** By the value as text, in the order of the field's values. */
  readonly states: ReadonlyMap<string, State>
}

export interface State {
  readonly name: string
  /** The value of the field. */
  readonly value: Json
  readonly final: boolean
  /** Field key → what is set when a record comes in or leaves. */
  readonly entry: JsonObject
  readonly exit: JsonObject
  /** How long a record may stay, in seconds of the hours of a calendar (null: of all hours); null: as long as it takes. */
  readonly limit: { readonly seconds: number; readonly calendar: string | null } | null
  /** What leads away, by name. */
  readonly transitions: ReadonlyMap<string, Transition>
}

export interface Transition {
  readonly name: string
  /** What stands on its button; '' where it is called as the state that it leads to. */
  readonly title: string
  /** Name of a state of the same lifecycle. */
  readonly target: string
  /** Keys of fields that must have a value. */
  readonly require: readonly string[]
  /** Null: no condition. */
  readonly guard: JsonObject | null
  /** What is said where the guard does not hold; null: a sentence of ours. */
  readonly message: string | null
  /** Null: everybody who may change the record. */
  readonly roles: readonly string[] | null
  /** Field key → what is set on the way. */
  readonly set: JsonObject
}

export interface Validated {
  readonly values: Readonly<Record<string, Json>>
  readonly findings: readonly Finding[]
}

/** Two records that agree in `exact` and are alike in `fuzzy` may be the same. There is always an exact field, with an index. */
export interface DuplicateRule {
  readonly exact: readonly Field[]
  readonly fuzzy: readonly Field[]
}

/** A field that needs a value while a condition on the record's own values holds. */
export interface Need {
  readonly field: Field
  readonly when: JsonObject
}

/** A condition that every record must meet. */
export interface Rule {
  /** Its place among all rules of the entity. */
  readonly index: number
  readonly cel: string
  readonly message: string
  readonly at: string
}

/** Sets fields before a record is saved. */
export interface SettingRule {
  /** Its place among all rules of the entity. */
  readonly index: number
  /** CEL; null: always. */
  readonly when: string | null
  /** Null: with new records and with changes. */
  readonly on: 'create' | 'update' | null
  /** Keys of fields of which one must differ from before; null: nothing in particular. */
  readonly changed: readonly string[] | null
  /** Field key → CEL. */
  readonly set: Readonly<Record<string, string>>
}

/** What a rule needs to know of another record: the value at the end of a path that begins at it. */
export interface Ask {
  /** API name of the entity of the record. */
  readonly entity: string
  readonly id: number
  readonly path: readonly string[]
}

/** `hidden`: the writer may not read it. */
export type AskAnswer = { readonly value: Json } | 'hidden'

/** What rules set, and what has to be known before that can be said: then the rest is nothing yet. */
export interface RuledValues extends Validated {
  readonly asks: readonly Ask[]
}

/** The rules of an entity that set fields, ready to run. */
export interface FieldSetter {
  readonly rules: readonly SettingRule[]
  /** Every field that some rule sets. */
  readonly keys: readonly string[]
  /** Those that some rule may fill when a record is created, or changed: what is required is looked at after that. */
  readonly fills: { readonly create: ReadonlySet<string>; readonly update: ReadonlySet<string> }
  /** Those that a rule fills in every new record. */
  readonly always: ReadonlySet<string>
  /** References that some rule sets. */
  readonly links: ReadonlySet<string>
  /**
   * What the rules set in a record that is about to be saved.
   * @param before the record as it is stored; null for a new one
   * @param record what would be saved without rules, in full
   */
  apply(before: JsonObject | null, record: JsonObject, now: Date, given?: RuleSurroundings): RuledValues
}

export interface RuleSurroundings {
  /** False for rules that are to be left out; absent: all are used. */
  uses?(rule: SettingRule): boolean
  /** What is known of other records by now; undefined: it has to be asked for. */
  known?(ask: Ask): AskAnswer | undefined
}

export interface Field {
  readonly key: string
  /** Identity, first published key. */
  readonly id: string
  readonly title: string
  readonly help: string
  readonly type: FieldType
  readonly options: JsonObject
  readonly columns: readonly PhysicalColumn[]
  readonly required: boolean
  /** Set by the engine only. */
  readonly readOnly: boolean
  readonly system: boolean
  readonly unique: boolean
  readonly search: boolean
  /** Looking at it is recorded, exports need consent (issue of audit). */
  readonly sensitive: boolean
  readonly default: Json | undefined
  /** JSON Schema of the value, from the type and the property's own keywords, without null. */
  readonly schema: JsonSchema
  /** Parts of the value by name, each a field by itself whose key is its path (`address.city`). Their rights are those of the whole. */
  readonly parts: ReadonlyMap<string, Field>
  /** For fields that point to a record. The target is looked up by name in the model at use, so that the model has no cycles. */
  readonly link: { readonly to: string; readonly inverse: string; readonly onDelete: 'restrict' | 'clear' | 'cascade'; readonly owned: boolean; readonly hierarchy: boolean } | null
  /** Where the values come from when the engine computes them from others. */
  readonly derived: Derived | null
  /** For fields that list records, any number of them. Such a field has no columns. */
  readonly links: LinkTable | null
  /** For fields that point to a record of one of several entities: by entity the reference behind the field, and its column. Such a field has no columns. */
  readonly targets: ReadonlyMap<string, { readonly key: string; readonly column: string }> | null
  /** Key of the field that this reference stands behind: it is filled with that one, has its rights, and is told as a part of it. */
  readonly within: string | null
  /** For fields whose value is rows of another entity that belong to the record, and that entity's reference back here. */
  readonly lines: { readonly entity: string; readonly field: string } | null
}

/** Pairs of ids: `source` is the record that lists, `target` one that is listed. */
export interface LinkTable {
  readonly to: string
  readonly inverse: string
  readonly onDelete: 'restrict' | 'clear' | 'cascade'
  /** Physical name, from the identities of entity and field. */
  readonly table: string
}

export interface PhysicalColumn extends Column {
  /** Safe, unique after case folding, at most 63 bytes; made from the identity, never from what a person may rename. */
  readonly name: string
}

/** Records of another entity that belong to one of this: the other side of a link, or what a field of its own lists. */
export interface Relation {
  readonly name: string
  readonly title: string
  /** Whose records these are. */
  readonly entity: string
  /** Key of the field of `entity` that points back here; null when the link is the own field with the relation's name. */
  readonly field: string | null
  /** The link table, for many-to-many: which of its columns is the record here, and which the one over there. */
  readonly through: { readonly table: string; readonly here: 'source' | 'target'; readonly there: 'source' | 'target' } | null
}

export interface Index {
  /** Physical name, from the identities. */
  readonly name: string
  readonly columns: readonly string[]
  /** Unique among records that are not archived. */
  readonly unique: boolean
}
