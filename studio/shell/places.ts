/** Lists and records as entries of a menu, by those names that the caller may read today. */
import type { UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import type { Favourite } from '../client/preferences.js'
import { listPath, recordPath } from './routes.js'

export interface Place {
  readonly address: string
  readonly icon: string
  readonly title: string
  /** What kind of record it is; '' for a list. */
  readonly note: string
}

/** In the same order; what is not there for the caller any more is left out. */
export async function placesOf(client: Client, model: UiModel, wanted: readonly Favourite[]): Promise<readonly Place[]> {
  const places = await Promise.all(wanted.map(async ({ entity: name, id }): Promise<readonly Place[]> => {
    const entity = model.entities[name]
    if (entity === undefined) return []
    if (id === undefined) return [{ address: listPath(name), icon: entity.icon, title: entity.plural, note: '' }]
    const title = await client.names.of(name, id)
    return title === `#${String(id)}` ? [] : [{ address: recordPath(name, id), icon: entity.icon, title, note: entity.title }]
  }))
  return places.flat()
}
