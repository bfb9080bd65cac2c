/** Model → what one caller's screens need, and nothing that they may not know. Pure; the caller keeps the result per model, roles, language and what is open to the caller alone (`only.ts`). */
import type { ViewDefinition } from '../../metadata/contract/definitions.gen.js'
import { isObject, type Json, type JsonObject, type JsonSchema } from '../../metadata/contract/json.js'
import type { UiEntity, UiField, UiList, UiModel, UiRelation, UiRule, UiSegment } from '../../metadata/contract/ui-model.js'
import { treeOperators } from '../../metadata/contract/operators.js'
import { everything } from '../model/conditions/predicate.js'
import type { Entity, Field, Model } from '../model/model.js'
import { presetOf } from '../model/lifecycle.js'
import { describeActions } from './asked.js'
import { describeLifecycle } from './lifecycle.js'
import { titleFrom } from '../model/names.js'
import { pointer } from '../model/paths.js'
import type { PublicForm } from '../model/public-forms.js'
import { treeField } from '../model/tree.js'
import { defaultList, defaultViewName } from '../model/view.js'
import type { Access, EntityAccess } from '../permissions/access.js'
import type { Actor } from '../permissions/actor.js'
import { inheritedRoles } from '../permissions/compile.js'
import { describeDashboards } from './dashboards.js'
import { defaultForm, pruneForm } from './layout.js'
import { describeColumns, summed } from './lists.js'
import { onlyValues } from './only.js'
import { systemText, translated, translator, type Translate } from './texts.js'
import { timelineOf } from './timeline.js'
import { mayAskFor, mayCompare, mayCompute, mayFilter, mayFollow, readableField } from './visible.js'

interface Context {
  readonly model: Model
  readonly access: Access
  readonly actor: Actor
  readonly locale: string
  readonly translate: Translate
  /** Of the caller, with those that they inherit. */
  readonly roles: ReadonlySet<string>
}

/** The screens' model for a caller with these rights, texts in `locale` (a BCP 47 tag; `actor`'s own when not given). */
export function describe(model: Model, access: Access, actor: Actor, locale: string = actor.locale): UiModel {
  const roles = new Set(inheritedRoles(model, actor.roles).keys())
  const context: Context = { model, access, actor, locale, translate: translator(model, locale), roles }
  const entities = [...model.entities.keys()].flatMap((name) => {
    const rights = access.entity(name)
    return rights === undefined ? [] : [[name, describeEntity(rights, context)] as const]
  })
  return {
    version: model.version,
    locale,
    locales: ['en', ...[...model.texts.keys()].filter((tag) => tag !== 'en')],
    title: context.translate('layer.json', '/title', model.title),
    navigation: navigationOf(context),
    entities: Object.fromEntries(entities),
    dashboards: describeDashboards(model, access, roles, context.translate),
    mayDesign: access.design,
    mayAudit: access.audit,
    mayAdminister: access.people,
  }
}

/** What the page of a public form needs: the texts around it, and a model of nothing but its entity with its fields, laid out by it. */
export function describePublic(model: Model, { entity, name, form, offer }: PublicForm, access: Access, actor: Actor, locale: string): JsonObject {
  const described = describe(model, access, actor, locale)
  const shown = described.entities[entity.name]
  if (shown === undefined) throw new Error(`a public form of ${entity.name} gives no right to it`)
  const path = `${entity.name}/form.${name}.json`
  const translate = translator(model, locale)
  const laid = pruneForm(form, path, { fields: shown.fields, relations: [], mayShow: () => false }, translate)
  const texts = Object.fromEntries((['title', 'lead', 'send', 'thanks'] as const).flatMap((key) => (offer[key] === undefined ? [] : [[key, translate(path, `/public/${key}`, offer[key])]])))
  return { ...texts, entity: entity.name, model: { ...described, dashboards: [], entities: { [entity.name]: { ...shown, form: laid } } } as unknown as JsonObject }
}

/** Groups keep their place in the definition: it is part of the path of their texts. */
function navigationOf({ model, access, translate, roles }: Context): UiModel['navigation'] {
  return model.navigation.flatMap((group, i) => {
    const entities = group.entities.filter((name) => access.entity(name) !== undefined)
    const shown = entities.length > 0 && isFor(group, roles)
    return shown ? [{ title: translate('layer.json', `/navigation/${i}/title`, group.title), entities }] : []
  })
}

const documentOf = (entity: Entity): string => `${entity.name}/entity.json`

const pluralOf = (entity: Entity, translate: Translate): string =>
  translate(documentOf(entity), '/crm/plural', entity.plural === entity.title ? translate(documentOf(entity), '/title', entity.plural) : entity.plural)

function describeEntity(rights: EntityAccess, context: Context): UiEntity {
  const { entity } = rights
  const { model, access, translate } = context
  const own = onlyValues(rights, context.actor)
  const fields = [...entity.fields.values()].flatMap((field) => describeField(field, rights, own, context))
  const relations = relationsOf(entity, context)
  const segments = segmentsOf(entity.name, context)
  return {
    name: entity.name,
    title: translate(documentOf(entity), '/title', entity.title),
    plural: pluralOf(entity, translate),
    icon: entity.icon,
    ...(rights.field(entity.display) === undefined ? {} : { display: entity.display }),
    facts: entity.facts.filter((key) => rights.field(key) !== undefined),
    timeline: timelineOf(access, entity).map(({ relation, at }) => ({ kind: relation.name, entity: relation.entity, at })),
    fields,
    ...treeOf(entity, fields),
    ...(segments.length === 0 ? {} : { segments }),
    relations,
    ...describeActions(model, access, entity, translate),
    ...describeLifecycle(rights, access, translate),
    ...formOf(entity, fields, relations, context),
    lists: listsOf(entity, context),
    schema: schemaOf(fields, entity),
    rules: rulesOf(entity, context),
    may: {
      create: rights.create.length > 0,
      update: rights.update.length > 0,
      archive: rights.archive !== false,
      purge: rights.purge !== false,
      export: rights.export !== false,
      history: rights.history && entity.history,
    },
    ...duplicatesSeen(entity, access),
    ...ruledFields(entity, rights),
    searchable: [...entity.fields.values()].some((field) => field.search && mayCompare(access, entity.name, field.key)),
  }
}

/** The tree, for those who see what the records stand below. */
function treeOf(entity: Entity, fields: readonly UiField[]): { readonly tree?: string } {
  const tree = treeField(entity)
  return tree !== undefined && fields.some(({ key, masked }) => key === tree.key && !masked) ? { tree: tree.key } : {}
}

/** A segment whose condition asks for something that the caller may not ask for does not exist for them. */
const segmentsOf = (entity: string, { model, access, locale, translate }: Context): readonly UiSegment[] =>
  [...model.segments].flatMap(([name, segment]) => {
    if (segment.entity !== entity || !mayAskFor(access, name)) return []
    const path = `segments/${name}.json`
    return [{ name, title: translate(path, '/title', segment.title ?? titleFrom(name)), description: translate(path, '/description', segment.description ?? '') }]
  }).toSorted((a, b) => a.title.localeCompare(b.title, locale))

/** Fields that rules set which the caller may follow: a form asks what they would be. */
function ruledFields({ sets }: Entity, rights: EntityAccess): { readonly ruled?: readonly string[] } {
  const keys = (sets?.rules ?? []).filter((rule) => mayFollow(rights, rule)).flatMap(({ set }) => Object.keys(set))
  return keys.length === 0 ? {} : { ruled: [...new Set(keys)] }
}

/** The rules that are checked while this caller types: those of which every field may be compared. */
function duplicatesSeen(entity: Entity, access: Access): { readonly duplicates?: readonly (readonly string[])[] } {
  const rules = entity.duplicates.map(({ exact, fuzzy }) => [...exact, ...fuzzy].map((field) => field.key)).filter((keys) => keys.every((key) => mayCompare(access, entity.name, key)))
  return rules.length === 0 ? {} : { duplicates: rules }
}

function describeField(field: Field, rights: EntityAccess, own: JsonObject, context: Context): readonly UiField[] {
  const seen = rights.field(field.key)
  if (seen === undefined || field.within !== null) return []
  const { entity } = rights
  const document = documentOf(entity)
  const place = pointer('properties', field.key)
  const masked = seen.how === 'masked'
  const isState = field.key === entity.lifecycle?.field
  const createable = !field.readOnly && rights.create.some((grant) => grant.fields.has(field.key)) && (!isState || mayBeginAnywhere(entity, context.access))
  const preset = (createable ? own[field.key] : undefined) ?? presetOf(entity, field)
  const help = context.translate(document, `${place}/description`, field.help)
  const target = (field.link ?? field.links)?.to
  const to = target !== undefined && context.access.entity(target) !== undefined ? target : undefined
  return [{
    key: field.key,
    title: field.system ? systemText(field.key, context.locale, field.title) : context.translate(document, `${place}/title`, field.title),
    ...(help === '' ? {} : { help }),
    type: field.type.name,
    options: optionsOf(field, document, place, to === target, context),
    required: field.required,
    ...(entity.sets?.always.has(field.key) === true ? { filled: true } : {}),
    ...requiredWhenOf(rights.entity, field, context),
    createable,
    updateable: !field.readOnly && !isState && rights.update.some((grant) => grant.fields.has(field.key)),
    masked,
    ...(field.sensitive && !masked ? { sensitive: true } : {}),
    system: field.system,
    ...(preset === undefined ? {} : { default: preset }),
    operators: masked ? [] : operatorsOf(field, entity, context),
    sortable: !masked && field.type.sortColumn(field.options) !== null,
    measures: masked ? [] : field.type.measures,
    buckets: masked ? [] : field.type.buckets,
    ...computedOf(field),
    ...(to === undefined ? {} : field.links === null ? { to } : { listOf: to }),
    ...(field.targets === null ? {} : { targets: [...field.targets.keys()].filter((name) => context.access.entity(name) !== undefined) }),
    ...(field.lines === null || context.access.entity(field.lines.entity) === undefined ? {} : { lines: field.lines.entity }),
    ...(field.parts.size === 0 ? {} : { parts: partsOf(field, masked) }),
  }]
}

/** New records begin in the initial state, but for whom the lifecycle lets begin anywhere. */
const mayBeginAnywhere = ({ lifecycle }: Entity, { roles }: Access): boolean => lifecycle === null || lifecycle.anyState.some((role) => roles.has(role))

/** The parts of a value, by the names that they have inside it. Their titles are the studio's affair: no definition has them. */
const partsOf = (field: Field, masked: boolean): readonly UiField[] =>
  [...field.parts].map(([name, part]) => ({
    key: name, title: part.title, type: part.type.name, options: part.options,
    required: false, createable: false, updateable: false, system: false, masked,
    operators: masked ? [] : part.type.operators,
    sortable: !masked && part.type.sortColumn(part.options) !== null,
    measures: masked ? [] : part.type.measures,
    buckets: masked ? [] : part.type.buckets,
  }))

/** The condition, for those who may know everything that it asks about; for the others the engine alone holds to it. */
function requiredWhenOf(entity: Entity, field: Field, { access }: Context): Pick<UiField, 'requiredWhen'> {
  const need = field.required ? undefined : entity.needs.find((one) => one.field === field)
  return need !== undefined && mayFilter(access, entity, need.when) ? { requiredWhen: need.when } : {}
}

const computedOf = ({ derived }: Field): Pick<UiField, 'computed' | 'moves'> => {
  if (derived === null) return {}
  return { computed: derived.as, ...((derived.kind === 'rollup' ? derived.moving : derived.daily) ? { moves: true } : {}) }
}

/** Those of the type, those of trees for what points into one, and that of segments for what points to records that there are segments of. */
function operatorsOf(field: Field, entity: Entity, context: Context): UiField['operators'] {
  const target = field.link === null ? undefined : context.model.entities.get(field.link.to)
  const of = field.key === 'id' ? entity.name : target?.name
  const segment = [...context.model.segments].some(([name, { entity: about }]) => about === of && mayAskFor(context.access, name)) ? (['$segment'] as const) : []
  return [...field.type.operators, ...(target === undefined ? [] : treeOperatorsOf(target, context)), ...segment]
}

function treeOperatorsOf(target: Entity, { access }: Context): UiField['operators'] {
  if (treeField(target) === undefined) return []
  // Of a tree of which not all is seen it is not told how high a record stands.
  return treeOperators.filter((operator) => operator !== '$level' || access.entity(target.name)?.rows === everything)
}

/** The options with their texts translated. Where the caller may not know the other entity, its names are left out. */
function optionsOf(field: Field, document: string, place: string, known: boolean, { translate }: Context): JsonObject {
  const options = translated(field.options, document, `${place}/crm`, translate)
  if (!isObject(options)) return {}
  if (field.targets !== null) return {}
  if (known) return options
  const hidden: ReadonlySet<Json> = new Set([(field.link ?? field.links)?.to ?? '', (field.link ?? field.links)?.inverse ?? ''])
  return Object.fromEntries(Object.entries(options).filter(([, value]) => !hidden.has(value)))
}

function relationsOf(entity: Entity, { access, translate }: Context): readonly UiRelation[] {
  return [...entity.relations.values()].flatMap((relation) => {
    const { name, entity: from, field, through } = relation
    const other = access.entity(from)
    // What a field of its own lists stands in the form as that field.
    if (field === null || entity.fields.has(name) || other === undefined || other.field(field)?.how !== 'full') return []
    const within = other.entity.fields.get(field)?.within ?? null
    return [{ name, title: pluralOf(other.entity, translate), entity: from, field: within ?? field, many: through !== null, ...(within === null ? {} : { among: true as const }) }]
  })
}

function formOf(entity: Entity, fields: readonly UiField[], relations: readonly UiRelation[], { access, translate, roles }: Context): Pick<UiEntity, 'form' | 'formName'> {
  const name = formFor(entity, roles)
  const form = name === undefined ? undefined : entity.forms.get(name)
  if (name === undefined || form === undefined) return { form: defaultForm(fields, relations, (key) => isWide(entity.fields.get(key))) }
  const visible = { fields, relations, mayShow: (other: string, path: string) => readableField(access, other, path) !== undefined }
  return { form: pruneForm(form, `${entity.name}/form.${name}.json`, visible, translate), formName: name }
}

/** The first form that is for one of the roles; else `default`, else the first that is for everybody. */
function formFor({ forms }: Entity, roles: ReadonlySet<string>): string | undefined {
  const own = inOrder(forms).filter(([, form]) => form.public === undefined)
  const [chosen] = own.find(([, form]) => form.roles !== undefined && isFor(form, roles)) ?? []
  return chosen ?? (forms.has('default') ? 'default' : own.find(([, form]) => form.roles === undefined)?.[0])
}

/** True for what is shown to everybody, or to somebody with one of the roles. */
const isFor = ({ roles }: { readonly roles?: readonly string[] }, own: ReadonlySet<string>): boolean => roles?.some((role) => own.has(role)) ?? true

const inOrder = <T extends { readonly position?: number }>(named: ReadonlyMap<string, T>): readonly (readonly [string, T])[] =>
  [...named].sort(([a, first], [b, second]) => (first.position ?? Infinity) - (second.position ?? Infinity) || (a < b ? -1 : 1))

/** What has no order (long texts, lists) or has parts is read rather than scanned, and takes the whole width. */
const isWide = (field: Field | undefined): boolean => field !== undefined && (field.parts.size > 0 || field.type.sortColumn(field.options) === null)

function listsOf(entity: Entity, context: Context): readonly UiList[] {
  const lists = inOrder(entity.views).flatMap(([name, view]) => (isFor(view, context.roles) ? describeList(entity, name, view, context) : []))
  if (lists.length > 0) return lists
  const readable = [...entity.fields.values()].filter((field) => readableField(context.access, entity.name, field.key) !== undefined)
  return describeList(entity, defaultViewName, defaultList(readable, entity), context)
}

/** The list as the caller may use it; none when its filter or all its columns are beyond them. */
function describeList(entity: Entity, name: string, view: ViewDefinition, { access, translate }: Context): readonly UiList[] {
  if (isObject(view.filter) && !mayFilter(access, entity, view.filter)) return []
  const { left, ...described } = describeColumns(access, entity, view)
  if (left.columns.length === view.columns?.length) return []
  const title = view.title ?? entity.plural
  const path = `${entity.name}/view.${name}.json`
  const shown = title === entity.plural ? pluralOf(entity, translate) : title
  return [{ name, title: translate(path, '/title', shown), ...summed(described), ...(isObject(view.filter) ? { filter: view.filter } : {}) }]
}

/** JSON Schema of what the caller may write. */
function schemaOf(fields: readonly UiField[], entity: Entity): JsonSchema {
  const writable = fields.filter((field) => field.createable || field.updateable)
  const properties = writable.map((field): [string, JsonSchema] => [field.key, { title: field.title, ...entity.fields.get(field.key)?.schema }])
  const required = writable.filter((field) => field.required && field.filled !== true).map((field) => field.key)
  return { type: 'object', properties: Object.fromEntries(properties), ...(required.length > 0 ? { required } : {}) }
}

/** Rules whose fields the caller all sees; the others are checked on the server only. */
function rulesOf(entity: Entity, { access, translate }: Context): readonly UiRule[] {
  return entity.rules.flatMap(({ index, cel, message, at }) =>
    mayCompute(access, entity, cel) ? [{ cel, message: translate(documentOf(entity), `/crm/rules/${index}/message`, message), at }] : [])
}
