/** Search over all entities: the request, and its answer in the shape that screens show. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import type { UiModel } from '../../metadata/contract/ui-model.js'
import type { Api } from './api.js'

export interface Hit {
  readonly entity: string
  readonly id: number
  readonly name: string
  /** Another field than the name that has the words, as people read it. */
  readonly match: { readonly title: string; readonly text: string } | null
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
    const { id, title, match } = result
    if (entity === undefined || typeof id !== 'number') return []
    return [{ entity: entity.name, id, name: typeof title === 'string' && title !== String(id) ? title : `#${String(id)}`, match: readMatch(model, entity.name, match) }]
  })
  return { hits, more: new Set((body.groups ?? []).flatMap(({ entity, more }) => (more ? [entity] : []))) }
}

function readMatch(model: UiModel, entity: string, match: Json | undefined): Hit['match'] {
  if (!isObject(match) || typeof match['text'] !== 'string') return null
  const field = model.entities[entity]?.fields.find(({ key }) => key === match['field'])
  return { title: field?.title ?? '', text: match['text'] }
}
