/** Asks the engine for a state of the definitions. */
import type { UiModel } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import type { Documents } from '../draft/operations.js'
import type { Side } from './screens.js'

/** A published version. @throws ApiProblem definitions.version */
export async function versionSide({ api }: Client, version: number): Promise<Side> {
  const path = `/api/definitions/versions/${String(version)}`
  const [{ body: { documents } }, { body: model }] = await Promise.all([
    api.get<{ readonly documents: Documents }>(path),
    api.get<UiModel>(`${path}/model`, { query: { locale: api.language } }),
  ])
  return { documents, model }
}

/** The draft, which was saved. @param documents as it has them */
export async function draftSide({ api }: Client, documents: Documents): Promise<Side> {
  const { body: model } = await api.get<UiModel>('/api/definitions/draft/model', { query: { locale: api.language } })
  return { documents, model }
}
