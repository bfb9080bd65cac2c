/** Search over all entities: the request, and its answer in the shape that screens show. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import type { UiModel } from '../../metadata/contract/ui-model.js'
import type { Api } from './api.js'

/** A field and what stands in it, as people read it. */
export interface Place {
  readonly title: string
  readonly text: string
}

export interface Hit {
  readonly entity: string
  readonly id: number
  readonly name: string
  /** What stands below the name: another field that has the words or, where the name has them, one that tells namesakes apart. */
  readonly below: Place | null
}

export interface Hits {
  /** Best first. Entities that the model does not have are left out. */
  readonly hits: readonly Hit[]
  /** Entities that have more than the hits. */
  readonly more: ReadonlySet<string>
}

interface Answer {
  readonly results?: readonly JsonObject[]
  readonly groups?: readonly { readonly entity: string; readonly more: boolean }[]
}

export async function search(api: Api, model: UiModel, q: string, signal?: AbortSignal): Promise<Hits> {
  const { body } = await api.get<Answer>('/api/search', { query: { q }, ...(signal && { signal }) })
  const hits = (body.results ?? []).flatMap((result) => {
    const entity = typeof result['entity'] === 'string' ? model.entities[result['entity']] : undefined
    const { id, title, match, hint } = result
    if (entity === undefined || typeof id !== 'number') return []
    return [{ entity: entity.name, id, name: typeof title === 'string' && title !== String(id) ? title : `#${String(id)}`, below: readPlace(model, entity.name, match ?? hint) }]
  })
  return { hits, more: new Set((body.groups ?? []).flatMap(({ entity, more }) => (more ? [entity] : []))) }
}

function readPlace(model: UiModel, entity: string, place: Json | undefined): Place | null {
  if (!isObject(place) || typeof place['text'] !== 'string') return null
  const field = model.entities[entity]?.fields.find(({ key }) => key === place['field'])
  return { title: field?.title ?? '', text: place['text'] }
}
