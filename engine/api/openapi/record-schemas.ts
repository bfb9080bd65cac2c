/** JSON Schemas of one entity's records as one caller meets them: what they may read, create and change. */
import { isObject, type JsonObject, type JsonSchema } from '../../../metadata/contract/json.js'
import { presetOf } from '../../model/lifecycle.js'
import type { Field, Model } from '../../model/model.js'
import type { Access, EntityAccess, WriteGrant } from '../../permissions/access.js'

/** Reference to a component schema. */
export const schemaRef = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` })

const nullable = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] })

/** The component schemas of every entity that exists for the caller: `record.<name>`, `.create` and `.update`. */
export function recordSchemas(model: Model, access: Access): Readonly<Record<string, JsonSchema>> {
  const schemas: Record<string, JsonSchema> = {}
  for (const name of model.entities.keys()) {
    const entity = access.entity(name)
    if (entity === undefined) continue
    schemas[`record.${name}`] = readSchema(entity, access)
    if (entity.create.length > 0) schemas[`record.${name}.create`] = writeSchema(entity, entity.create, true)
    if (entity.update.length > 0) schemas[`record.${name}.update`] = writeSchema(entity, entity.update, false)
  }
  return schemas
}

/** A record as it is answered. Only `id` is certain: `fields` asks for fewer members, row rules may hide some. */
function readSchema(access: EntityAccess, all: Access): JsonSchema {
  const properties: Record<string, JsonSchema> = {}
  for (const [key, field] of access.entity.fields) {
    const how = access.field(key)
    if (how !== undefined && field.within === null) properties[key] = { ...described(field), ...readable(field, how.how === 'masked', all), readOnly: field.readOnly }
  }
  for (const relation of access.entity.relations.values()) {
    // What an own field lists is described with that field.
    if (relation.field === null || all.entity(relation.entity)?.field(relation.field) === undefined) continue
    properties[relation.name] = { description: `${relation.title}; present when expanded.`, type: 'array', items: schemaRef(`record.${relation.entity}`) }
  }
  return { type: 'object', title: access.entity.title, required: ['id'], properties }
}

/** The value itself, the expanded record where the field points to one, or null. */
function readable(field: Field, masked: boolean, all: Access): JsonSchema {
  // What a masked value looks like is the field type's own affair: often text of another pattern.
  if (masked) return {}
  const listed = field.links === null ? undefined : all.entity(field.links.to)
  if (listed !== undefined) return { anyOf: [field.schema, { type: 'array', items: schemaRef(`record.${listed.entity.name}`) }] }
  if (field.targets !== null) return nullable({ ...field.schema, properties: { ...(isObject(field.schema.properties) ? field.schema.properties : {}), label: { type: 'string', description: 'The name of the record; present when expanded.' } } })
  const target = field.link === null ? undefined : all.entity(field.link.to)
  return target === undefined ? nullable(field.schema) : { anyOf: [field.schema, schemaRef(`record.${target.entity.name}`), { type: 'null' }] }
}

function writeSchema(access: EntityAccess, grants: readonly WriteGrant[], creating: boolean): JsonSchema {
  const properties: Record<string, JsonSchema> = {}
  const required: string[] = []
  const { lifecycle } = access.entity
  for (const [key, field] of access.entity.fields) {
    if (!creating && key === lifecycle?.field) continue
    const preset = presetOf(access.entity, field)
    if (field.readOnly || !grants.some((grant) => grant.fields.has(key))) continue
    properties[key] = { ...described(field), ...(field.required ? field.schema : nullable(field.schema)), ...(creating && preset !== undefined ? { default: preset } : {}) }
    if (creating && field.required && preset === undefined && access.entity.sets?.always.has(key) !== true) required.push(key)
  }
  return { type: 'object', additionalProperties: false, properties, ...(required.length === 0 ? {} : { required }) }
}

const described = (field: Field): JsonSchema => ({ title: field.title, ...(field.help === '' ? {} : { description: field.help }) })
