/** TypeScript types of the definitions, generated from `metadata/schema` by `npm run generate`. Do not edit. */
import type { Json, JsonObject } from './json.js'

export type EntityTypeName = "string" | "number" | "integer" | "boolean" | "object" | "array" | "null";
export type EntitySchemaOrBoolean = boolean | EntityProperty;
/**
 * The name under which this was first published. It never changes; keep it when you rename, then no data moves.
 */
export type EntityIdentity = string;
/**
 * @minItems 1
 * @maxItems 8
 */
export type EntityFieldKeys = string[];
export type EntityRule = JsonObject;

/**
 * One kind of record, for example a member or a purchase. It is a JSON Schema of type object: every property is a field. Only what JSON Schema has no word for stands in the keyword `crm`. File: <entity>/entity.json; the folder is the entity's name in the API.
 */
export interface EntityDefinition {
  /**
   * Address of the schema of this file, for editors.
   */
  $schema?: string;
  /**
   * Kept, not used.
   */
  $id?: string;
  $comment?: string;
  $defs?: EntityProperties;
  definitions?: EntityProperties;
  /**
   * Always object: a record.
   */
  type: "object";
  /**
   * What one record is called, for example Member.
   */
  title?: string;
  /**
   * What these records are for.
   */
  description?: string;
  /**
   * Keys of the fields that every record must have.
   */
  required?: string[];
  properties?: EntityProperties;
  /**
   * Accepted and not used: records never have fields that are not defined.
   */
  additionalProperties?: boolean;
  /**
   * Accepted and not used, like additionalProperties.
   */
  unevaluatedProperties?: boolean;
  examples?: Json[];
  crm?: EntityEntityOptions;
}
export interface EntityProperties {
  [k: string]: EntityProperty;
}
/**
 * JSON Schema (2020-12) of one value, refined by crm.
 */
export interface EntityProperty {
  /**
   * A part of this file, for example #/$defs/address.
   */
  $ref?: string;
  $id?: string;
  $anchor?: string;
  $schema?: string;
  $comment?: string;
  $defs?: EntityProperties;
  definitions?: EntityProperties;
  type?: EntityTypeName | EntityTypeName[];
  /**
   * What the field is called on the screens.
   */
  title?: string;
  /**
   * What to fill in; shown beside the field.
   */
  description?: string;
  /**
   * Value of a new record when nothing is given.
   */
  default?: Json;
  examples?: Json[];
  /**
   * Only the system fills it.
   */
  readOnly?: boolean;
  writeOnly?: boolean;
  deprecated?: boolean;
  /**
   * @minItems 1
   */
  enum?: Json[];
  const?: Json;
  /**
   * For example email, uri, date, date-time.
   */
  format?: string;
  /**
   * A regular expression that the text must contain; RE2 syntax.
   */
  pattern?: string;
  minLength?: number;
  /**
   * In characters.
   */
  maxLength?: number;
  contentEncoding?: string;
  contentMediaType?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  multipleOf?: number;
  items?: EntitySchemaOrBoolean;
  contains?: EntitySchemaOrBoolean;
  minContains?: number;
  maxContains?: number;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  properties?: EntityProperties;
  patternProperties?: EntityProperties;
  required?: string[];
  additionalProperties?: EntitySchemaOrBoolean;
  propertyNames?: EntitySchemaOrBoolean;
  minProperties?: number;
  maxProperties?: number;
  dependentRequired?: {
    [k: string]: string[];
  };
  /**
   * @minItems 1
   */
  oneOf?: EntitySchemaOrBoolean[];
  /**
   * @minItems 1
   */
  anyOf?: EntitySchemaOrBoolean[];
  /**
   * @minItems 1
   */
  allOf?: EntitySchemaOrBoolean[];
  not?: EntitySchemaOrBoolean;
  if?: EntitySchemaOrBoolean;
  then?: EntitySchemaOrBoolean;
  else?: EntitySchemaOrBoolean;
  crm?: EntityFieldOptions;
}
/**
 * Settings that every field type knows; each type adds its own (for example to, inverse and onDelete of a reference).
 */
export interface EntityFieldOptions {
  /**
   * Name of the field type. Without it the type is inferred from the JSON Schema.
   */
  type?: string;
  id?: EntityIdentity;
  /**
   * The search box looks here.
   */
  search?: boolean;
  /**
   * No two records that are not archived have the same value.
   */
  unique?: boolean;
  /**
   * Filtering and sorting by this field is fast.
   */
  index?: boolean;
  /**
   * Personal data: looking at it is recorded.
   */
  sensitive?: boolean;
  /**
   * A condition on other fields of the same record. While it holds, the field needs a value: whoever writes is refused otherwise, and forms mark it.
   */
  requiredWhen?: JsonObject;
  /**
   * The field is put away: it disappears from the API and the screens, its data stays.
   */
  archived?: boolean;
  /**
   * How each choice is shown: value → title, colour and identity.
   */
  options?: {
    [k: string]: {
      title?: string;
      /**
       * Name of one of the product's colours.
       */
      color?: string;
      /**
       * The value under which this choice was first published.
       */
      id?: string;
    };
  };
  [k: string]: unknown;
}
/**
 * What JSON Schema has no word for.
 */
export interface EntityEntityOptions {
  id?: EntityIdentity;
  /**
   * What several records are called, for example Members.
   */
  plural?: string;
  /**
   * Key of the field that names a record. Without it: the field name or title, else the first text field.
   */
  display?: string;
  /**
   * Fields that stand beside the name of a record, where it is read and where it is looked up.
   *
   * @maxItems 6
   */
  facts?: string[];
  /**
   * Related records that stand in the timeline of a record, each as relation and date or moment: purchases.at. Notes and tasks always stand there.
   *
   * @maxItems 12
   */
  timeline?: string[];
  /**
   * Who is told of a record: of being mentioned in it, of being given it, of a moment that has come.
   */
  notify?: {
    mentioned?: EntityTold;
    assigned?: EntityTold;
    reminder?: EntityReminded;
  };
  /**
   * Name of one of the product's icons.
   */
  icon?: string;
  /**
   * Who changed what and when is kept and shown.
   */
  history?: boolean;
  /**
   * Each entry lists fields whose values together may occur only once among records that are not archived.
   */
  unique?: EntityFieldKeys[];
  /**
   * Each entry lists fields, in order, that are searched or sorted together often.
   */
  indexes?: EntityFieldKeys[];
  /**
   * Fields that make two records look like the same one; a name that ends in ~ is compared loosely.
   */
  duplicates?: {
    /**
     * @minItems 1
     * @maxItems 8
     */
    match: string[];
  }[];
  /**
   * What is done before a record is saved, whoever writes it, written in CEL over its fields: rules that set fields, from top to bottom, then conditions that every record must meet.
   *
   * @maxItems 100
   */
  rules?: EntityRule[];
  /**
   * The entity is put away: it disappears from the API and the screens, its data stays.
   */
  archived?: boolean;
}
export interface EntityTold {
  /**
   * Key of the field that names the people. They are told when a write names them.
   */
  to: string;
}
export interface EntityReminded {
  /**
   * Key of the field that names the people.
   */
  to: string;
  /**
   * Key of the date and time at which they are told.
   */
  at: string;
  /**
   * A condition that the record must meet at that moment, for example that a task is still open.
   */
  where?: JsonObject;
}

/**
 * A layout, a group with a heading, tabs (Categorization with Categories), a field (Control), a text (Label) or the list of records that refer to this one (RelatedList).
 */
export type FormElementType =
  "VerticalLayout" | "HorizontalLayout" | "Group" | "Categorization" | "Category" | "Control" | "Label" | "RelatedList";
/**
 * Text of a group, a tab or a field; false hides a field's label.
 */
export type FormLabel = string | false;
/**
 * Of a Label.
 */
export type FormText = string;
/**
 * For a Control: #/properties/<field>.
 */
export type FormScope = string;
/**
 * Of a RelatedList: relation (its name) and columns (fields to show). Of a Control: how it is drawn.
 */
export type FormOptions = JsonObject;
export type FormElements = FormElement[];

/**
 * How one record is laid out: a JSON Forms UI schema, plus the element RelatedList. File: <entity>/form.<name>.json; people get the first form that names one of their roles, else `default`.
 */
export interface FormDefinition {
  /**
   * Address of the schema of this file, for editors.
   */
  $schema?: string;
  /**
   * What administrators call the form.
   */
  title?: string;
  /**
   * Names of roles whose holders get this form, also by inheritance. Left out: only `default` is for everybody else.
   *
   * @minItems 1
   */
  roles?: string[];
  /**
   * Forms are looked through in this order, the first one for a role of the person is theirs; without it after those that have one, by name.
   */
  position?: number;
  type: FormElementType;
  label?: FormLabel;
  text?: FormText;
  scope?: FormScope;
  i18n?: string;
  options?: FormOptions;
  rule?: FormRule;
  elements?: FormElements;
  public?: FormPublic;
}
/**
 * Shows, hides, enables or disables the element depending on another field.
 */
export interface FormRule {
  effect: "HIDE" | "SHOW" | "ENABLE" | "DISABLE";
  /**
   * Holds when the value at the scope fits the schema.
   */
  condition: {
    scope: FormScope;
    schema: JsonObject;
    failWhenUndefined?: boolean;
  };
}
export interface FormElement {
  type: FormElementType;
  label?: FormLabel;
  text?: FormText;
  scope?: FormScope;
  i18n?: string;
  options?: FormOptions;
  rule?: FormRule;
  elements?: FormElements;
}
/**
 * Offers the form at /forms/<address> to people without an account. What stands on the form is all that they may set; they read nothing.
 */
export interface FormPublic {
  /**
   * Last part of the page's address: small letters, digits and hyphens.
   */
  address: string;
  title?: string;
  lead?: string;
  send?: string;
  /**
   * What is shown when it was sent.
   */
  thanks?: string;
  /**
   * Values that every record made by this form gets, e.g. where it came from.
   */
  set?: JsonObject;
}

/**
 * A way to look at many records of one entity. File: <entity>/view.<name>.json.
 */
export type ViewDefinition = {
  /**
   * Address of the schema of this file, for editors.
   */
  $schema?: string;
  /**
   * list: rows and columns; board: cards in the columns of a field that lists its values; calendar: records on the days of a month or a week; timeline: records as bars from one day to another; map: records where they are; gallery: cards with pictures; chart: a drawing of what the records add up to; pivot: the same as a table of rows by columns.
   */
  kind: "list" | "board" | "calendar" | "timeline" | "map" | "gallery" | "chart" | "pivot";
  title?: string;
  /**
   * Field keys; store.name shows a field of the record that store points to.
   *
   * @minItems 1
   * @maxItems 50
   */
  columns?: string[];
  /**
   * How many of the first columns stay in sight while the others scroll; one when it is left out.
   */
  frozen?: number;
  /**
   * Field keys separated by commas; a minus in front turns the order round, for example -at,name.
   */
  sort?: string;
  /**
   * A condition: only records that meet it are listed.
   */
  filter?: JsonObject;
  /**
   * Field keys; a date with a bucket behind it: joinedOn:month (year, quarter, month, week, day).
   *
   * @maxItems 2
   */
  groupBy?: string[];
  /**
   * Field key → how the column is summed up over the whole list and in each group; count is the number of different values.
   */
  totals?: {
    [k: string]: "sum" | "avg" | "min" | "max" | "count";
  };
  /**
   * Of a view of the kind board: what it has columns for. The columns of the view are what its cards show, its totals are summed up per column.
   */
  board?: {
    /**
     * Key of a field that lists its values; a card that is moved gets the value of its new column.
     */
    by: string;
    /**
     * Value → how many cards its column should have at most; more are allowed and shown as too many.
     */
    limits?: {
      [k: string]: number;
    };
  };
  /**
   * Of a view of the kind calendar: on which days its records stand. Moments fall on the day of the reader's time zone.
   */
  calendar?: {
    /**
     * Key of a date or moment; a record that is moved to another day gets that day.
     */
    by: string;
    /**
     * Key of a second one, where records last longer than a day; it moves along.
     */
    end?: string;
    /**
     * Key of a field that lists its values, with their colours.
     */
    color?: string;
  };
  /**
   * Of a view of the kind timeline: from when to when its records last. Moments fall on the day of the reader's time zone.
   */
  timeline?: {
    /**
     * Key of a date or moment; a bar that is moved, or whose beginning is drawn, gets another one.
     */
    by: string;
    /**
     * Key of a second one; without it, or where a record has none, the record lasts a day.
     */
    end?: string;
    /**
     * Key of a reference or of a field that lists its values: records that have the same stand together.
     */
    group?: string;
    /**
     * Key of a field that lists its values, with their colours.
     */
    color?: string;
  };
  /**
   * Of a view of the kind map: where its records stand. The columns of the view are what the list beside the map shows.
   */
  map?: {
    /**
     * Key of a geo point.
     */
    at: string;
    /**
     * Key of a field that lists its values, with their colours.
     */
    color?: string;
  };
  /**
   * Of a view of the kind gallery: what its cards begin with. The columns of the view are what stands below.
   */
  gallery?: {
    /**
     * Key of an image field; the first picture of a record is shown.
     */
    picture: string;
  };
  chart?: ViewChart;
  pivot?: ViewPivot;
  /**
   * Names of roles whose holders are offered this view, also by inheritance. Left out: everybody. This is about what is offered, not about rights: who may read the records can ask for them in another way.
   *
   * @minItems 1
   */
  roles?: string[];
  /**
   * Views are offered in this order; without it after those that have one, by name.
   */
  position?: number;
};

/**
 * What is drawn: one bar, point or slice for each value of a field.
 */
export interface ViewChart {
  type: "bar" | "line" | "area" | "donut";
  /**
   * Key of the field; a date with a bucket behind it (at:month); a field of another record over a reference (store.region).
   */
  by: string;
  /**
   * A second field, written alike: one colour for each of its values. Not for a donut.
   */
  series?: string;
  measure?: ViewMeasure;
  /**
   * Only so many values, those with the largest measures.
   */
  limit?: number;
}
/**
 * What is counted or computed: {"count": true}, {"count": field} for different values, {"sum": field}, avg, min or max.
 */
export interface ViewMeasure {
  count?: true | string;
  sum?: string;
  avg?: string;
  min?: string;
  max?: string;
}
/**
 * A table of what the records add up to.
 */
export interface ViewPivot {
  /**
   * One row for each value of a field, written as in groupBy.
   *
   * @minItems 1
   * @maxItems 2
   */
  rows: string[];
  /**
   * One column for each value of a field.
   *
   * @maxItems 1
   */
  columns?: string[];
  measure?: ViewMeasure;
}

/**
 * Field key → value; null empties the field. now, now+2d and the like stand for a moment or a day, $user.<field> for a field of whoever does it.
 */
export type LifecycleSet = JsonObject;

/**
 * The states that a record goes through, and the transitions by which alone it gets from one to another (a statechart). File: <entity>/lifecycle.json.
 */
export interface LifecycleDefinition {
  /**
   * Address of the schema of this file, for editors.
   */
  $schema?: string;
  /**
   * Key of the field whose value is the state: one that lists its values. Their titles and colours are those of its options.
   */
  field: string;
  /**
   * Where every record begins.
   */
  initial: string;
  /**
   * Names of roles whose holders may create records in any state, for example to import old ones.
   *
   * @maxItems 50
   */
  anyState?: string[];
  /**
   * Where the limits of states are kept.
   */
  sla?: {
    /**
     * Key of a moment: when the time of the present state ends. Empty in states without a limit.
     */
    until: string;
    /**
     * Key of a yes/no field that becomes yes when the moment has come, and no in the next state.
     */
    breached: string;
    /**
     * Key of a field that names people: they are reminded then.
     */
    to: string;
  };
  /**
   * One for each value of the field, by the value.
   */
  states: {
    [k: string]: LifecycleState;
  };
}
export interface LifecycleState {
  /**
   * Records stay here: no transition leads away.
   */
  final?: boolean;
  entry?: LifecycleAction;
  exit?: LifecycleAction;
  sla?: {
    /**
     * How long a record may stay here: hours, minutes and seconds as in ISO 8601, for example PT8H.
     */
    within: string;
    /**
     * Name of the calendar in whose hours that is counted; left out: all hours count.
     */
    calendar?: string;
  };
  /**
   * What leads away from here, by name. The same name may stand in several states.
   */
  on?: {
    [k: string]: LifecycleTransition;
  };
}
export interface LifecycleAction {
  set?: LifecycleSet;
}
export interface LifecycleTransition {
  /**
   * The state that the record is in afterwards.
   */
  target: string;
  /**
   * What stands on the button; left out: what the state is called that it leads to.
   */
  title?: string;
  description?: string;
  /**
   * Keys of fields that must have a value; who makes the transition is asked for those that have none.
   *
   * @maxItems 20
   */
  require?: string[];
  /**
   * A condition that the record must meet, with the values that were given.
   */
  guard?: JsonObject;
  /**
   * What is said where the guard does not hold.
   */
  message?: string;
  /**
   * Names of the roles that may make it; left out: everybody who may change the record.
   *
   * @minItems 1
   * @maxItems 50
   */
  roles?: string[];
  set?: LifecycleSet;
}

/**
 * A condition on the record; $user.<field> stands for a field of the person's own user record. Left out: every row.
 */
export type RoleWhere = JsonObject;
/**
 * Key of a reference: only records that point by it to a record which the person may read. With a condition as well, both must hold.
 */
export type RoleFollows = string;
export type RoleFieldList = string[];

/**
 * What people with this role may see and do. What is not granted does not exist for them. Several roles of one person add up. File: roles/<name>.json.
 */
export interface RoleDefinition {
  /**
   * Address of the schema of this file, for editors.
   */
  $schema?: string;
  title?: string;
  description?: string;
  /**
   * Names of roles whose grants this role has too.
   */
  inherits?: string[];
  /**
   * May open the studio and publish changes to the definitions.
   */
  design?: boolean;
  /**
   * May see who signed in, looked at, exported and changed what, and changes of rights, in all entities: names of records and fields, never values.
   */
  audit?: boolean;
  /**
   * May invite people, give them roles that this role has itself, block them, end their sessions and make API tokens for them, as far as it may change users.
   */
  people?: boolean;
  /**
   * Put away: it grants nothing. People keep its name, so that it can come back.
   */
  archived?: boolean;
  /**
   * Name of the test → what must stay so.
   */
  tests?: {
    [k: string]: RoleTest;
  };
  /**
   * May offer saved views to the roles that they have themselves. What a reader sees in one is limited by the reader's own rights.
   */
  share?: boolean;
  /**
   * Entity name → what is granted; * stands for every entity that is not named.
   */
  entities?: {
    [k: string]: RoleGrant;
  };
}
/**
 * What must stay so: asked of the role, with all that it inherits, at every publish, which it stops when it is not so.
 */
export interface RoleTest {
  entity: string;
  action: "read" | "create" | "update" | "archive" | "purge" | "export" | "history";
  /**
   * Key of a field, with read, create and update. Left out: the record as a whole.
   */
  field?: string;
  /**
   * no: on no record; masked: read, and never in full; limited: on some records only; yes: on all.
   */
  may: "no" | "masked" | "limited" | "yes";
}
export interface RoleGrant {
  read?: boolean | RoleReadRule;
  create?: boolean | RoleWriteRule;
  update?: boolean | RoleWriteRule;
  archive?: boolean | RoleRowRule;
  purge?: boolean | RoleRowRule;
  export?: boolean | RoleRowRule;
  history?: boolean;
}
export interface RoleReadRule {
  where?: RoleWhere;
  follows?: RoleFollows;
  /**
   * Left out: every field. A list names the fields that are seen; an object says for each true, false or masked, and * stands for every field that is not named.
   */
  fields?:
    | RoleFieldList
    | {
        [k: string]: true | false | "masked";
      };
}
export interface RoleWriteRule {
  where?: RoleWhere;
  follows?: RoleFollows;
  /**
   * Left out: every field. A list names the fields that may be set; an object says for each true or false, and * stands for every field that is not named.
   */
  fields?:
    | RoleFieldList
    | {
        [k: string]: boolean;
      };
}
export interface RoleRowRule {
  where?: RoleWhere;
  follows?: RoleFollows;
}

/**
 * Figures at a glance for some roles. File: dashboards/<name>.json.
 */
export interface DashboardDefinition {
  /**
   * Address of the schema of this file, for editors.
   */
  $schema?: string;
  title: string;
  /**
   * Who has it; without it everybody who may see one of its tiles.
   *
   * @maxItems 50
   */
  roles?: string[];
  /**
   * Dashboards are offered in this order, the first on the start page; without it after those that have one, by name.
   */
  position?: number;
  /**
   * Lets people choose a span of time for the whole page.
   */
  period?: {
    default: "days7" | "days30" | "days90" | "month" | "quarter" | "year" | "months12" | "all";
    /**
     * An entity and one of its dates or moments (purchase.at): periods end with the newest one, for figures that are brought in later. Without it they end today.
     */
    newest?: string;
  };
  /**
   * What else the whole page can be narrowed by. Name → filter; tiles say by which of their fields.
   */
  filters?: {
    [k: string]: {
      /**
       * Without it that of the field.
       */
      title?: string;
      /**
       * An entity and one of its fields, whose values can be chosen: purchase.store.
       */
      field: string;
    };
  };
  /**
   * Name → tile, in the order of the page.
   */
  tiles: {
    [k: string]: DashboardTile;
  };
}
/**
 * One figure, chart or list over the records of an entity.
 */
export interface DashboardTile {
  kind: "number" | "goal" | "chart" | "pivot" | "list" | "funnel";
  title: string;
  entity: string;
  /**
   * A condition: only records that meet it count.
   */
  filter?: JsonObject;
  /**
   * The date or moment that the page's period is about; without it the tile stays as it is.
   */
  period?: string;
  /**
   * Name of a filter of the page → the field that it is about, also over references (member.store).
   */
  filters?: {
    [k: string]: string;
  };
  /**
   * Of twelve columns; on narrow screens tiles stand below each other.
   */
  width?: number;
  /**
   * Tiles stand in this order; without it after those that have one.
   */
  position?: number;
  measure?: DashboardMeasure;
  /**
   * Of a number: whether it is good when it grows. Without it neither is.
   */
  better?: "more" | "less";
  /**
   * Of a goal: what is to be reached.
   */
  goal?: {
    value: number;
    /**
     * The value is meant for so long; for another period it is taken in proportion.
     */
    per?: "day" | "week" | "month" | "year";
  };
  chart?: DashboardChart;
  pivot?: DashboardPivot;
  /**
   * Of a list: the first records of it.
   */
  list?: {
    /**
     * @minItems 1
     * @maxItems 8
     */
    columns: string[];
    sort?: string;
    limit?: number;
  };
  /**
   * Of a funnel: from all to few, each with the condition of those who came so far.
   *
   * @minItems 2
   * @maxItems 10
   */
  steps?: {
    title: string;
    /**
     * A condition besides that of the tile.
     */
    filter?: JsonObject;
  }[];
}
/**
 * What is counted or computed: {"count": true}, {"count": field} for different values, {"sum": field}, avg, min or max.
 */
export interface DashboardMeasure {
  count?: true | string;
  sum?: string;
  avg?: string;
  min?: string;
  max?: string;
}
/**
 * What is drawn: one bar, point or slice for each value of a field.
 */
export interface DashboardChart {
  type: "bar" | "line" | "area" | "donut";
  /**
   * Key of the field; a date with a bucket behind it (at:month); a field of another record over a reference (store.region).
   */
  by: string;
  /**
   * A second field, written alike: one colour for each of its values. Not for a donut.
   */
  series?: string;
  measure?: DashboardMeasure;
  /**
   * Only so many values, those with the largest measures.
   */
  limit?: number;
}
/**
 * A table of what the records add up to.
 */
export interface DashboardPivot {
  /**
   * One row for each value of a field, written as in groupBy.
   *
   * @minItems 1
   * @maxItems 2
   */
  rows: string[];
  /**
   * One column for each value of a field.
   *
   * @maxItems 1
   */
  columns?: string[];
  measure?: DashboardMeasure;
}

/**
 * @maxItems 10
 */
export type CalendarSpans = {
  from: string;
  to: string;
}[];

/**
 * When people work: what time limits of lifecycles are counted in. File: calendars/<name>.json.
 */
export interface CalendarDefinition {
  /**
   * Address of the schema of this file, for editors.
   */
  $schema?: string;
  title?: string;
  /**
   * IANA name of the zone in which the hours are meant; left out: that of the definitions.
   */
  timeZone?: string;
  /**
   * The spans of work of each day of the week; a day that is left out is free.
   */
  hours: {
    mon?: CalendarSpans;
    tue?: CalendarSpans;
    wed?: CalendarSpans;
    thu?: CalendarSpans;
    fri?: CalendarSpans;
    sat?: CalendarSpans;
    sun?: CalendarSpans;
  };
  /**
   * Days on which nobody works.
   *
   * @maxItems 2000
   */
  holidays?: string[];
}

export type WorkflowTimeoutOrName = string | WorkflowTimeout;
export type WorkflowDuration =
  | string
  | {
      days?: number;
      hours?: number;
      minutes?: number;
      seconds?: number;
      milliseconds?: number;
    };
/**
 * One after the other; each is an object with one member, its name.
 *
 * @minItems 1
 */
export type WorkflowTasks = {
  [k: string]: WorkflowTask;
}[];
/**
 * @minItems 1
 */
export type WorkflowCases = {
  [k: string]: WorkflowCase;
}[];

/**
 * Steps that run by themselves: a document of the Serverless Workflow DSL 1.0. File: workflows/<name>.json.
 */
export interface WorkflowDefinition {
  /**
   * Address of the schema of this file, for editors.
   */
  $schema?: string;
  document: WorkflowDocument;
  input?: WorkflowInput;
  use?: WorkflowUse;
  do: WorkflowTasks;
  timeout?: WorkflowTimeoutOrName;
  output?: WorkflowOutput;
  schedule?: WorkflowSchedule;
  evaluate?: WorkflowEvaluate;
}
export interface WorkflowDocument {
  /**
   * Version of the language, such as 1.0.0.
   */
  dsl: string;
  namespace: string;
  name: string;
  version?: string;
  title?: string;
  /**
   * What it is for, in Markdown.
   */
  summary?: string;
  tags?: JsonObject;
  metadata?: {
    /**
     * The role that its runs act with. Without one they act for whoever started them.
     */
    role?: string;
    /**
     * Roles whose holders may start it by hand.
     */
    start?: string[];
    /**
     * API name of the entity on whose records it is started by hand: they get a button.
     */
    entity?: string;
    /**
     * JSON Schema of what is asked before it is started by hand.
     */
    form?: JsonObject;
    /**
     * Simulations under names; each must go as it says, or the workflow cannot be published.
     */
    tests?: {
      [k: string]: WorkflowKeptTest;
    };
    [k: string]: unknown;
  };
}
export interface WorkflowKeptTest {
  /**
   * What it begins with.
   */
  input?: Json;
  clock?: {
    start: string;
    /**
     * How far the clock is moved over what it waits for.
     */
    until?: string;
  };
  /**
   * Name or path of a step → what it answers; { "error": ... } makes it fail.
   */
  answers?: JsonObject;
  /**
   * What it hears when it listens, in this order.
   *
   * @maxItems 100
   */
  events?: JsonObject[];
  expect: {
    status?: "running" | "waiting" | "completed" | "faulted";
    output?: Json;
    /**
     * The steps in the order in which they begin.
     *
     * @maxItems 1000
     */
    steps?: {
      name: string;
      call?: string;
      /**
       * What the call is given.
       */
      with?: JsonObject;
    }[];
  };
}
export interface WorkflowInput {
  schema?: WorkflowSchema;
  /**
   * An expression, or an object with expressions in it.
   */
  from?: Json;
}
export interface WorkflowSchema {
  format?: string;
  document: JsonObject;
}
export interface WorkflowUse {
  authentications?: {
    [k: string]: WorkflowAuthentication;
  };
  errors?: {
    [k: string]: WorkflowError;
  };
  functions?: {
    [k: string]: WorkflowTask;
  };
  retries?: {
    [k: string]: WorkflowRetry;
  };
  timeouts?: {
    [k: string]: WorkflowTimeout;
  };
  secrets?: string[];
  extensions?: JsonObject[];
  catalogs?: JsonObject;
}
export interface WorkflowAuthentication {
  use?: string;
  basic?: {
    username: string;
    password: string;
  };
  bearer?: {
    token: string;
  };
  certificate?: JsonObject;
  digest?: JsonObject;
  oauth2?: JsonObject;
  oidc?: JsonObject;
}
export interface WorkflowError {
  type: string;
  status: number | string;
  instance?: string;
  title?: string;
  detail?: string;
}
export interface WorkflowTask {
  if?: string;
  input?: WorkflowInput;
  output?: WorkflowOutput;
  export?: WorkflowExport;
  timeout?: WorkflowTimeoutOrName;
  /**
   * continue, exit, end, or the name of a task beside it.
   */
  then?: string;
  metadata?: JsonObject;
  call?: string;
  with?: JsonObject;
  do?: WorkflowTasks;
  emit?: WorkflowEmit;
  for?: WorkflowFor;
  while?: string;
  fork?: WorkflowFork;
  listen?: WorkflowListen;
  foreach?: JsonObject;
  raise?: WorkflowRaise;
  run?: WorkflowRun;
  set?: JsonObject | string;
  switch?: WorkflowCases;
  try?: WorkflowTasks;
  catch?: WorkflowCatch;
  wait?: WorkflowDuration;
}
export interface WorkflowOutput {
  schema?: WorkflowSchema;
  /**
   * An expression, or an object with expressions in it.
   */
  as?: Json;
}
export interface WorkflowExport {
  schema?: WorkflowSchema;
  /**
   * What the context is from now on.
   */
  as?: Json;
}
export interface WorkflowTimeout {
  after: WorkflowDuration;
}
export interface WorkflowEmit {
  event: {
    with: JsonObject;
  };
}
export interface WorkflowFor {
  each?: string;
  in: string;
  at?: string;
}
export interface WorkflowFork {
  branches: WorkflowTasks;
  compete?: boolean;
}
export interface WorkflowListen {
  to: WorkflowEvents;
  read?: "data" | "envelope" | "raw";
}
export interface WorkflowEvents {
  one?: WorkflowEventFilter;
  any?: WorkflowEventFilter[];
  /**
   * @minItems 1
   */
  all?: WorkflowEventFilter[];
  /**
   * Of any: a condition on the events so far, or the events that end it.
   */
  until?: string | WorkflowEvents | false;
}
export interface WorkflowEventFilter {
  with: JsonObject;
  correlate?: {
    [k: string]: WorkflowCorrelation;
  };
}
export interface WorkflowCorrelation {
  from: string;
  expect?: string;
}
export interface WorkflowRaise {
  error: string | WorkflowError;
}
export interface WorkflowRun {
  workflow?: WorkflowSubflow;
  container?: JsonObject;
  script?: JsonObject;
  shell?: JsonObject;
  await?: boolean;
  return?: string;
}
export interface WorkflowSubflow {
  namespace?: string;
  name: string;
  version?: string;
  input?: Json;
}
export interface WorkflowCase {
  when?: string;
  then: string;
}
export interface WorkflowCatch {
  errors?: {
    with?: WorkflowErrorFilter;
  };
  as?: string;
  when?: string;
  exceptWhen?: string;
  retry?: string | WorkflowRetry;
  do?: WorkflowTasks;
}
export interface WorkflowErrorFilter {
  type?: string;
  status?: number;
  instance?: string;
  title?: string;
  detail?: string;
  details?: string;
}
export interface WorkflowRetry {
  when?: string;
  exceptWhen?: string;
  delay?: WorkflowDuration;
  backoff?: {
    constant?: JsonObject;
    linear?: {
      increment?: WorkflowDuration;
    };
    exponential?: JsonObject;
  };
  limit?: {
    attempt?: {
      count?: number;
      duration?: WorkflowDuration;
    };
    duration?: WorkflowDuration;
  };
  jitter?: {
    from: WorkflowDuration;
    to: WorkflowDuration;
  };
}
export interface WorkflowSchedule {
  every?: WorkflowDuration;
  /**
   * Minutes, hours, days, months, weekdays, in the zone of the deployment.
   */
  cron?: string;
  after?: WorkflowDuration;
  on?: WorkflowEvents;
  hook?: WorkflowHook;
}
/**
 * Begins when a signed message comes in at /api/hooks/<name of the workflow>; the message is the input.
 */
export interface WorkflowHook {
  /**
   * Name of the secret that the sender signs with.
   */
  secret: string;
  /**
   * standard (when it is left out): Standard Webhooks; the others as those services sign.
   */
  scheme?: "standard" | "stripe" | "github" | "shopify";
}
export interface WorkflowEvaluate {
  /**
   * jq when it is left out; cel is the language of computed fields.
   */
  language?: "jq" | "cel";
  /**
   * strict: only texts like ${ ... } are expressions. loose: every text is tried as one.
   */
  mode?: "strict" | "loose";
}

/**
 * Records that have something in common, under one name: a condition that lists, other conditions and workflows use by name. File: segments/<name>.json.
 */
export interface SegmentDefinition {
  /**
   * Address of the schema of this file, for editors.
   */
  $schema?: string;
  title?: string;
  /**
   * Who is meant, and what for.
   */
  description?: string;
  /**
   * API name of the entity whose records it is about.
   */
  entity: string;
  /**
   * The records that meet it are in the segment. It is the same for everybody: it cannot name $user.
   */
  where: JsonObject;
}

/**
 * About a whole layer: its name and the navigation. Merged like every other document. File: layer.json.
 */
export interface LayerDefinition {
  /**
   * Address of the schema of this file, for editors.
   */
  $schema?: string;
  name?: string;
  /**
   * Shown in the header of the product.
   */
  title?: string;
  description?: string;
  /**
   * Of the layer itself, for example 1.2.0.
   */
  version?: string;
  /**
   * IANA name such as Asia/Shanghai: where days begin for what is computed and kept, such as “today” in formulas and the last 90 days of a rollup. UTC when left out. People see and filter times in zones of their own.
   */
  timeZone?: string;
  /**
   * BCP 47 tag such as zh: in it people are told things who have chosen no language, and signing in is offered to browsers that ask for none of those of the product. English when left out.
   */
  language?: string;
  /**
   * Groups of entities, in order. Without it every entity is listed in one group.
   *
   * @maxItems 100
   */
  navigation?: {
    title: string;
    entities: string[];
    /**
     * Who has the group in the navigation, inherited roles included. Left out: everybody who may read one of the entities. It takes nobody's rights.
     */
    roles?: string[];
  }[];
}

/**
 * Translations into one language: document path → JSON Pointer into that document → text. File: texts/<BCP 47 tag>.json, for example texts/zh-CN.json.
 */
export interface TextsDefinition {
  /**
   * Address of the schema of this file, for editors.
   */
  $schema?: string;
  /**
   * Document path → JSON Pointer → the text for which somebody said that its translation is still right. It counts while the text is this one.
   */
  $confirmed?: {
    [k: string]: {
      [k: string]: string;
    };
  };
  [k: string]:
    | {
        [k: string]: string;
      }
    | string
    | {
        [k: string]: {
          [k: string]: string;
        };
      }
    | undefined;
}
