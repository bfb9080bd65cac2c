/** Everything that can be wrong with definitions: code → what is said, to a person who does not program, and what helps. */
import { ruleLead } from '../../metadata/contract/formula-faults.js'
import type { Json } from '../../metadata/contract/json.js'
import type { Finding } from '../errors.js'

interface Entry {
  /** `{name}` is filled in. */
  readonly message: string
  /** For the documentation: when it occurs and what to do. */
  readonly help: string
}

/** One entry per finding code; each has a pack under `tests/packs/broken/` that shows it. */
export const findings = {
  'document.json': { message: 'This file is not readable JSON: {reason}.', help: 'Correct the named line. A comma too many or a missing quotation mark is the usual reason.' },
  'document.unknown': { message: 'Nothing is defined by a file of this name.', help: 'Use <entity>/entity.json, <entity>/form.<name>.json, <entity>/view.<name>.json, <entity>/lifecycle.json, roles/<name>.json, dashboards/<name>.json, calendars/<name>.json, workflows/<name>.json, segments/<name>.json, texts/<language>.json or layer.json.' },
  'document.tooLarge': { message: 'This definition is larger than {limit}.', help: 'Split the entity or move data out of the definitions.' },
  'document.tooDeep': { message: 'This definition is nested more than {limit} levels deep.', help: 'Flatten it.' },
  'document.broken': { message: 'This definition could not be used: {reason}.', help: 'Go back to an earlier version of it, or correct it.' },
  'document.orphan': { message: 'This belongs to {entity}, but there is no such entity.', help: 'Define the entity, correct the name of the folder, or remove this file.' },
  'schema.shape': { message: '{where} {problem}.', help: 'Compare with the schema of this kind of definition; an editor that knows JSON Schema shows what fits.' },
  'schema.keyword': { message: '“{keyword}” is not known here{hint}.', help: 'Remove it or correct its spelling. Own notes may stand under names that start with x-.' },
  'schema.ref': { message: 'It refers to {ref}, which is not in this file.', help: 'Only parts of the same file can be referred to, for example #/$defs/address.' },
  'schema.cycle': { message: 'It refers to itself over {ref}.', help: 'A value cannot contain itself. Use a reference to another record instead.' },
  'schema.pattern': { message: 'The pattern {pattern} is not accepted: {reason}.', help: 'Use RE2 syntax: no look-ahead, no look-behind, no back-references.' },
  'schema.tooMuch': { message: 'The parts that this refers to are together larger than {limit} entries.', help: 'Simplify the shared parts.' },
  'name.grammar': { message: '“{name}” cannot be a name: it must start with a letter, contain only letters, digits and _, and be at most 63 long.', help: 'Choose such a name; the title may contain anything.' },
  'name.reserved': { message: '“{name}” is a name that the system keeps for itself.', help: 'Choose another name.' },
  'name.collision': { message: '“{name}” cannot be told apart from “{other}” in the database.', help: 'Names must differ in more than upper and lower case, and so must identities (crm.id).' },
  'field.type': { message: 'There is no field type “{type}”.', help: 'Choose one of the field types that the product or a plugin offers.' },
  'field.unclear': { message: 'No field type fits what stands here.', help: 'Give a JSON type, or name the field type under crm.type.' },
  'field.mismatch': { message: 'What stands here does not fit the field type {type}.', help: 'Correct the JSON Schema or choose another field type.' },
  'field.option': { message: 'The setting “{option}” {problem}.', help: 'Compare with the settings of this field type.' },
  'field.computed': { message: '{problem}', help: 'Correct the setting; the page about computed fields shows what can be written.' },
  'field.search': { message: 'A field of type {type} cannot be searched.', help: 'Remove “search”, or choose a text type.' },
  'field.unique': { message: 'A field of type {type} cannot be unique or indexed.', help: 'Remove the setting.' },
  'field.indexLength': { message: 'Text of up to {length} characters cannot be unique, indexed or compared by a rule; {limit} are the most.', help: 'Set a shorter longest length (maxLength), or remove the setting.' },
  'field.default': { message: 'The default does not fit: {problem}', help: 'Choose a default that the field would accept.' },
  'field.example': { message: 'The example {example} does not fit: {problem}', help: 'Correct or remove the example.' },
  'field.link': { message: 'It points to “{entity}”, but there is no such entity.', help: 'Correct the name, define the entity, or archive this field as well.' },
  'field.inverse': { message: 'The inverse name “{name}” is already used in {entity}.', help: 'Choose another name for the list of records on the other side.' },
  'field.hierarchy': { message: 'Only a reference to {entity} itself makes a tree of it.', help: 'Remove “hierarchy”, or let the reference point to its own entity.' },
  'field.lines': { message: '“{of}” is no owned reference to {entity}.', help: 'Name an entity and its reference that leads here, and set “owned” at that reference.' },
  'field.requiredWhen': { message: 'The condition of “required when” cannot be used: {reason}.', help: 'Ask about fields of the same record, of a field that people fill in.' },
  'field.list': { message: '“{field}” is a list of objects that stays one value: {reason}.', help: 'Rename the part, and the objects become records of their own; or say that one value is meant: "crm": { "type": "json" }. It can be published as it is.' },
  'entity.required': { message: 'The required field “{field}” does not exist.', help: 'Remove it from “required”, or define it.' },
  'entity.field': { message: 'There is no field “{field}” in {entity}.', help: 'Correct the spelling, or define the field.' },
  'entity.duplicates': { message: 'The duplicate rule cannot be used: {problem}.', help: 'Name fields that exist; a name that ends in ~ is compared loosely and needs another one that must be the same.' },
  'entity.rule': { message: `${ruleLead}{reason}`, help: 'Correct the expression: a condition says true or false, what is set gives a value of the kind of its field.' },
  'entity.ruleSets': { message: 'A rule cannot set “{field}”: {reason}', help: 'Rules set fields of the record itself that keep one value and that neither the engine nor a lifecycle fills.' },
  'entity.ruleOrder': { message: 'It reads “{field}”, which rule {later} sets afterwards.', help: 'Rules are worked through from top to bottom: put this one behind the one that it waits for. Rules that wait for each other cannot be used.' },
  'view.field': { message: 'There is no field “{field}” to show.', help: 'Correct the column, or remove it.' },
  'view.sort': { message: 'Records cannot be sorted by “{field}”.', help: 'Choose a field that exists and has an order.' },
  'view.group': { message: 'Records cannot be grouped by “{field}”.', help: 'Choose a field that exists and has an order; only dates and moments have a year, quarter, month, week or day.' },
  'view.total': { message: '“{field}” has no {measure}.', help: 'Choose a field of numbers for sums and averages, one with an order for the smallest and the largest value.' },
  'view.board': { message: 'There can be no board by “{field}”.', help: 'Choose a field of the entity that lists its values.' },
  'view.calendar': { message: '“{field}” falls on no day.', help: 'Choose a date or a moment of the entity.' },
  'view.color': { message: '“{field}” lists no values that have colours.', help: 'Choose a field of the entity that lists its values.' },
  'view.rows': { message: 'There can be no rows for “{field}”.', help: 'Choose a reference, or a field that lists its values.' },
  'view.map': { message: '“{field}” is no place on a map.', help: 'Choose a field of the entity whose type is geo point.' },
  'view.gallery': { message: '“{field}” holds no pictures.', help: 'Choose a field of the entity whose type is image.' },
  'view.limit': { message: '“{value}” is no value of “{field}”.', help: 'Limits belong to values that the field of the board lists.' },
  'view.filter': { message: 'The filter cannot be used: {reason}', help: 'Correct the condition.' },
  'screen.role': { message: 'It is for the role “{role}”, but there is no such role.', help: 'Correct the name, define the role, or remove it.' },
  'form.field': { message: 'There is no field “{scope}” to show.', help: 'A scope looks like #/properties/name and names a field of this entity.' },
  'form.public': { message: 'This form cannot be offered to everybody: {reason}.', help: 'Take it off the form, give it a value in “set”, or take “public” out.' },
  'form.relation': { message: 'There is no list “{relation}” of related records.', help: 'Use the inverse name of a reference that points to this entity.' },
  'lifecycle.field': { message: '“{field}” cannot be the state of records.', help: 'Choose a field that lists its values, one of them at a time, and that may be set.' },
  'lifecycle.archived': { message: 'The lifecycle needs the field “{field}”, which is put away.', help: 'Bring the field back, or take it out of the lifecycle first.' },
  'lifecycle.state': { message: '“{state}” is no value of “{field}”.', help: 'Add the value to the field, or remove the state.' },
  'lifecycle.option': { message: '“{value}” of “{field}” is no state.', help: 'Say for every value of the field what leads away from it, or that it is final.' },
  'lifecycle.target': { message: 'There is no state “{state}”.', help: 'Correct the name, or add the state.' },
  'lifecycle.role': { message: 'There is no role “{role}”.', help: 'Correct the name, define the role, or remove it.' },
  'lifecycle.unreachable': { message: 'No way leads to the state “{state}”.', help: 'Add a transition to it, or remove the state and the value.' },
  'lifecycle.deadEnd': { message: 'Nothing leads away from “{state}”.', help: 'Add a transition, or say that the state is final.' },
  'lifecycle.final': { message: '“{state}” is final, yet something leads away from it.', help: 'Remove the transitions, or “final”.' },
  'lifecycle.guard': { message: 'The guard cannot be used: {reason}', help: 'Correct the condition.' },
  'lifecycle.set': { message: '“{field}” cannot be set here.', help: 'Name a field that people may set; the state itself follows from the transition.' },
  'lifecycle.value': { message: 'The value does not fit: {reason}', help: 'Choose a value that the field would accept.' },
  'lifecycle.default': { message: 'Records begin elsewhere: “{value}” is the default of “{field}”.', help: 'Remove the default of the field, or let it be the initial state.' },
  'lifecycle.sla': { message: 'The time limit cannot be kept: {reason}.', help: 'Name a moment, a yes/no field and a field that points to people, and write the time as hours and minutes, such as PT8H.' },
  'calendar.hours': { message: '{day} from {from} to {to} is no span of work.', help: 'A span ends after it begins, and those of a day do not overlap.' },
  'dashboard.role': { message: 'The dashboard is for the role “{role}”, but there is no such role.', help: 'Correct the name, define the role, or remove it.' },
  'dashboard.entity': { message: 'There is no entity “{entity}”.', help: 'Correct the name, or remove what names it.' },
  'dashboard.filter': { message: '“{field}” cannot be narrowed by the filter “{filter}” of the page.', help: 'Name a filter of this dashboard, and a field of the tile that holds the same kind of value as the filter’s own.' },
  'dashboard.period': { message: '“{field}” is no date or moment.', help: 'Name a field that says when something was.' },
  'dashboard.tile': { message: 'A tile of the kind {kind} needs “{part}”.', help: 'Add it, or choose another kind.' },
  'role.test': { message: 'The access test “{test}” fails: it says “{expected}”, and it is “{found}”.', help: 'Take back what changes the access, or change the test if this is meant.' },
  'role.testPlace': { message: 'The access test “{test}” speaks of {place}, which there is not.', help: 'Name an entity and a field that exist.' },
  'role.inherits': { message: 'There is no role “{role}” to inherit from.', help: 'Correct the name, or define the role.' },
  'role.cycle': { message: 'The role inherits from itself over {path}.', help: 'Remove one of the inherits.' },
  'role.entity': { message: 'There is no entity “{entity}”.', help: 'Correct the name, or remove the grant.' },
  'role.field': { message: 'There is no field “{field}” in {entity}.', help: 'Correct the name, or remove it from the grant.' },
  'entity.timeline': { message: '“{path}” is no date or moment of records that belong to {entity}.', help: 'Name a relation and a date or moment of its records, for example purchases.at.' },
  'entity.notify': { message: '“{field}” of {entity} names no people who could be told.', help: 'Name a field that points to users.' },
  'entity.notifyAt': { message: '“{field}” of {entity} is no moment.', help: 'Name a field with date and time.' },
  'role.follows': { message: '“{field}” of {entity} is no reference, so there are no rights that could be followed by it.', help: 'Name a field that points to a record.' },
  'role.where': { message: 'The row rule cannot be used: {reason}', help: 'Correct the condition; without it nobody with this role would see a row.' },
  'role.user': { message: 'People have no field “{field}”.', help: '$user.<field> names a field of the entity user, or id.' },
  'layer.reserved': { message: 'No folder of a layer can be called “{layer}”: that is the layer of what is changed in the studio.', help: 'Give the folder another name; or bring it back as a draft: in the studio, Versions → Layers → Upload a folder.' },
  'layer.twice': { message: 'Two folders of layers are called “{layer}”.', help: 'Give one of them another name: layers are known by it.' },
  'layer.entity': { message: 'The navigation names “{entity}”, but there is no such entity.', help: 'Correct the name, or remove it.' },
  'layer.timeZone': { message: 'There is no time zone “{timeZone}”.', help: 'Write its IANA name, such as Asia/Shanghai or UTC.' },
  'layer.language': { message: '“{language}” is not a language tag.', help: 'Write a BCP 47 tag such as zh or zh-CN.' },
  'layer.role': { message: 'The navigation names the role “{role}”, but there is no such role.', help: 'Correct the name, define the role, or remove it.' },
  'workflow.task': { message: '{problem}.', help: 'Correct the named place; the page about workflows lists what is offered of the language.' },
  'workflow.expression': { message: 'The expression cannot be read: {reason}', help: 'Correct it; the same language computes fields.' },
  'segment.entity': { message: 'There is no entity “{entity}” whose records could be in the segment.', help: 'Correct the name, or remove the segment.' },
  'segment.where': { message: 'The condition of the segment cannot be used: {reason}', help: 'Correct the condition; who asks may narrow it by a condition of their own beside the segment.' },
  'texts.language': { message: '“{tag}” is not a language tag.', help: 'Name the file after a BCP 47 tag such as zh-CN.' },
  'texts.target': { message: 'There is no text at this place to translate.', help: 'Remove the entry, or correct its path.' },
  'limit.entities': { message: 'There are more than {limit} entities.', help: 'Archive and remove entities that are not used.' },
  'limit.fields': { message: 'There are more than {limit} fields in one entity.', help: 'Split the entity.' },
  'limit.options': { message: 'There are more than {limit} choices.', help: 'Make the choices an entity of their own and refer to it.' },
} as const satisfies Record<string, Entry>

export type FindingCode = keyof typeof findings

/** Receives findings; a definition that got one is not used. */
export type Report = (finding: Finding) => void

/** A value of a damaged definition as it is shown in a message. */
export const shown = (value: Json | undefined): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

/** A finding at `path` (`member/entity.json#/properties/x`) with its message filled in. */
export function finding(path: string, code: FindingCode, params: Readonly<Record<string, string | number>> = {}): Finding {
  const message = findings[code].message.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(params, name) ? String(params[name]) : whole))
  return { path, code, message }
}
