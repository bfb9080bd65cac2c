/** The requests of the studio's pages while they show the draft: of what is only there, there are no records yet. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { UiModel } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { Records, type AggregateQuery, type ListQuery, type RecordPage } from '../../client/records.js'

/** A client whose lists are empty for entities that are not in force, and that does not ask for fields that are not. */
export const draftClient = (client: Client, inForce: UiModel): Client => ({ ...client, records: new DraftRecords(client, inForce) })

class DraftRecords extends Records {
  readonly #inForce: UiModel

  constructor({ api }: Client, inForce: UiModel) {
    super(api)
    this.#inForce = inForce
  }

  override async list(entity: string, query: ListQuery, signal?: AbortSignal): Promise<RecordPage> {
    const known = this.#known(entity)
    if (known === null || !known(keysIn(query.filter))) return { records: [], next: null, count: 0, capped: false }
    const fields = query.fields?.split(',').filter((path) => known([path]))
    const sort = query.sort?.split(',').filter((path) => known([path.replace(/^-/, '')]))
    return super.list(entity, { ...query, ...(fields !== undefined && { fields: fields.length === 0 ? 'id' : fields.join(',') }), ...(sort !== undefined && { sort: sort.join(',') }) }, signal)
  }

  override async aggregate(entity: string, query: AggregateQuery, signal?: AbortSignal): Promise<readonly JsonObject[]> {
    const known = this.#known(entity)
    const measured = Object.values(query.measures ?? {}).flatMap((measure) => Object.values(measure as JsonObject)).filter((path): path is string => typeof path === 'string')
    return known === null || !known([...keysIn(query.filter), ...(query.groupBy ?? []), ...measured]) ? [] : super.aggregate(entity, query, signal)
  }

  /** Whether all of some paths begin with a field or relation that is in force; null where the entity is not. */
  #known(name: string): ((paths: readonly string[]) => boolean) | null {
    const entity = this.#inForce.entities[name]
    if (entity === undefined) return null
    const keys = new Set([...entity.fields.map(({ key }) => key), ...entity.relations.map((relation) => relation.name), 'id'])
    return (paths) => paths.every((path) => keys.has(path.split(/[.:]/)[0] ?? ''))
  }
}

/** The paths that a condition asks of the entity itself. */
function keysIn(filter: JsonObject | undefined): readonly string[] {
  return Object.entries(filter ?? {}).flatMap(([key, value]) =>
    key.startsWith('$') ? [value].flat().flatMap((part) => (typeof part === 'object' && part !== null && !Array.isArray(part) ? keysIn(part as JsonObject) : [])) : [key])
}
