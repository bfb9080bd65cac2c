/** Search over all entities: the request, and its answer in the shape that screens show. */
import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiModel } from '../../metadata/contract/ui-model.js'
import type { Api } from './api.js'
import { nameOf } from './records.js'

export interface Hit {
  readonly entity: string
  readonly id: number
  readonly name: string
}

/** Best hits first. Entities that the model does not have are left out. */
export async function search(api: Api, model: UiModel, q: string, signal?: AbortSignal): Promise<readonly Hit[]> {
  const { body } = await api.get<{ readonly results?: readonly JsonObject[] }>('/api/search', { query: { q }, ...(signal && { signal }) })
  return (body.results ?? []).flatMap((result) => {
    const entity = typeof result['entity'] === 'string' ? model.entities[result['entity']] : undefined
    const id = result['id']
    if (entity === undefined || typeof id !== 'number') return []
    const title = result['title'] ?? result['display'] ?? result['name']
    const name = typeof title === 'string' && title !== '' ? title : nameOf(entity, result)
    return [{ entity: entity.name, id, name }]
  })
}
