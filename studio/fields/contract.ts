/**
 * How a field type looks in the browser: one file per type under `types/`. Templates only: a view keeps no state of
 * its own and knows neither requests nor the page; what it needs comes in the slot. Values are shown as text, never as HTML.
 */
import type { nothing, TemplateResult } from 'lit'

import type { Json, JsonObject } from '../../metadata/contract/json.js'
import type { Operator } from '../../metadata/contract/operators.js'
import type { UiEntity, UiField } from '../../metadata/contract/ui-model.js'
import type { TextKey } from '../client/i18n.js'
import type { IconName } from '../ui/icon.js'

/** Records of other entities, for fields that point to them. */
export interface Lookup {
  /** Name of a record; `#12` when it may not be read. */
  name(entity: string, id: number): Promise<string>
  /** Records whose text fits `q`, best first; `cursor` from the page before. */
  find(entity: string, q: string, cursor: string | null): Promise<{ readonly items: readonly Choice[]; readonly next: string | null }>
  /** Records above one in its tree, from the top; none where there is no tree. */
  above(entity: string, id: number): Promise<readonly Choice[]>
  /** Asks the person for a new record of this name; null when they went back. Absent where none can be made. */
  create?(entity: string, name: string): Promise<Choice | null>
  /** Address of a record's page. */
  address(entity: string, id: number): string
  /** What the person may see of an entity, for fields whose values are rows of it. */
  entity(name: string): UiEntity | undefined
}

export interface Choice {
  readonly id: number
  readonly name: string
  /** What else tells this record from others of the name. */
  readonly detail?: string
  /** Its picture or initials, where records of its entity have them. */
  readonly face?: TemplateResult | typeof nothing
  /** No record yet: choosing it asks for one of this name. */
  readonly create?: string
}

/** Files of the entity that a form or list is about. */
export interface FileAccess {
  /** Sends a file that is meant for the field; `progress` goes from 0 to 1. */
  upload(field: UiField, file: File, progress: (part: number) => void, signal: AbortSignal): Promise<JsonObject>
  /** Address of a content that the record (absent: the one of the form) holds; null when there is none to show. */
  address(field: UiField, record: JsonObject | undefined, file: number, size?: 96 | 320 | 1200): Promise<string | null>
}

/** Where and for whom a value is shown. */
export interface Surroundings {
  /** IANA zone; '' for the browser's. */
  readonly timeZone: string
  readonly lookup: Lookup
  /** Absent where nothing is stored, as in a preview. */
  readonly files?: FileAccess
  /** The view of any other type, for values that are made of parts. */
  readonly viewOf: (type: string) => FieldView
  /** Filled in by the one whom it is about, without an account. */
  readonly ofOneself?: true
}

/** One place in a form, a filter or a line table where a value is entered. */
export interface FieldSlot extends Surroundings {
  readonly field: UiField
  /** Null and undefined both mean: no value. */
  readonly value: Json | undefined
  /** Visible name; in narrow places '' and the name is only read out. */
  readonly label: string
  readonly required: boolean
  readonly disabled: boolean
  /** '' when there is nothing wrong. */
  readonly error: string
  readonly help: string
  readonly autofocus?: boolean
  /** Called with every edit; null clears. */
  readonly change: (value: Json) => void
  /** Called when the person leaves the place. */
  readonly touch: () => void
  /**
   * Called with what is typed and cannot be read as a value ('' where the browser does not tell it), and with null when there is
   * nothing of the kind any more. `at` and `part`: pointer and field of the part inside the value. Who saves asks for it to be put
   * right first.
   */
  readonly unread?: (text: string | null, at?: string, part?: UiField) => void
  /** Problems inside the value, by JSON Pointer, for types whose values have parts. */
  readonly inner?: Readonly<Record<string, string>>
}

/** A value in a list, a heading or a read-only place. */
export interface Shown extends Surroundings {
  readonly field: UiField
  /** The record that the value is part of, for values whose names came along. */
  readonly record?: JsonObject
}

/** One of the values that records stand in. */
export interface Step {
  readonly value: Json
  readonly label: string
  /** As in a definition's options; '' for none. */
  readonly color: string
}

/** How one field type is entered and shown. */
export interface FieldView {
  readonly type: string
  readonly icon: IconName
  /** Numbers stand at the end of a cell so that digits line up. */
  readonly align: 'start' | 'end'
  /** Sensible width of a list column in px. */
  readonly columnPx: number
  /** True when the input deserves the whole width of a form. */
  readonly wide: boolean
  /** True when spans of the calendar (today, this month) may be asked for. */
  readonly periods?: boolean
  /** True when values are moments, which fall on a day of the reader's zone. */
  readonly moment?: boolean
  /** The values that records stand in, in their order with names and colours: the columns of a board. */
  steps?(field: UiField): readonly Step[]
  input(slot: FieldSlot): TemplateResult
  /** Never called with null or undefined. */
  cell(value: Json, shown: Shown): TemplateResult | string
  /** How it is read on a record's page, where that is more than in a cell. */
  page?(value: Json, shown: Shown): TemplateResult
  /** What a pasted text means; undefined when it is not understood. Without it the text is the value. */
  parse?(text: string, shown: Shown): Json | undefined | Promise<Json | undefined>
  /** What is said of a typed text that is no value, where there is more to say than that. */
  readonly unread?: TextKey
  /** The value as plain text, for titles, history and conflicts. Never called with null or undefined. */
  text(value: Json, shown: Shown): string | Promise<string>
  /** The text in words, without marks that tell how it looks, where it has such: for names and labels. */
  words?(text: string): string
  /** True when values are places: objects with `lat` and `lng`. */
  readonly places?: boolean
  /** True when values are pictures, one of which may stand for its record. */
  readonly picture?: boolean
  /** Input for the operand of a filter, where the value's own input does not fit. `$in` and `$nin` carry arrays. */
  filter?(slot: FieldSlot, operator: Operator): TemplateResult
  /** Filter operators that make sense to people, the best first; a subset of what the engine allows. */
  readonly filters: readonly Operator[]
  /** Fields that a list must ask for besides the key itself to show the value, e.g. the name of a linked record. */
  readonly needs?: (field: UiField, displayKey: string) => readonly string[]
}
