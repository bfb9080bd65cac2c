/** The packs under `tests/packs` as layers and as models. */
import { readLayer } from '../../engine/definitions/files.js'
import { mergeLayers, type Layer } from '../../engine/definitions/layers.js'
import { compile } from '../../engine/model/compile.js'
import type { Documents, Model } from '../../engine/model/model.js'

export const packs = new URL('../packs/', import.meta.url).pathname

export const tinyLayer = (): Promise<Layer> => readLayer(`${packs}tiny`, 'tiny')

export const tinyDocuments = async (): Promise<Documents> => mergeLayers([await tinyLayer()]).documents

export const tinyModel = async (): Promise<Model> => compile(await tinyDocuments(), 1)

/** Documents with one more entity, or with a patch on one that is there. */
export const withEntity = (documents: Documents, name: string, entity: Documents[string]): Documents =>
  mergeLayers([{ name: 'below', documents }, { name: 'test', documents: { [`${name}/entity.json`]: entity } }]).documents

/** A model whose only entity is `thing`. */
export const modelOf = (entity: Documents[string]): Model => compile({ 'thing/entity.json': { type: 'object', ...entity } }, 1)
