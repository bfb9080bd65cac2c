/** Translations that stayed while the text that they translate was changed: found in the published versions. */
import { isObject, type Json } from '../../../metadata/contract/json.js'
import { saidAt } from '../../definitions/layers.js'
import type { Documents } from '../../model/model.js'
import { confirmedKey } from '../../model/paths.js'
import { listVersions } from '../../storage/own/versions.js'
import type { Call } from '../call.js'
import { designer } from './draft.js'
import { mergedDocuments, readLayers } from './published.js'

export interface TextBehind {
  /** BCP 47 tag. */
  readonly language: string
  readonly path: string
  /** JSON Pointer. */
  readonly place: string
  /** What was translated. */
  readonly was: string
}

/** Versions that are looked at, the newest: each is read as a whole. */
const lookedAt = 40

/** Of the version in force. A translation is behind where its text was another one when it was written, and nobody has said since that it is right still. */
export async function textsBehind(call: Call): Promise<readonly TextBehind[]> {
  designer(call)
  const { read } = call.engine.database
  const now = call.model.documents
  let open = translations(now).filter((one) => !isConfirmed(now, one))
  const behind: TextBehind[] = []
  for (const { version } of (await listVersions(read)).slice(1, lookedAt)) {
    if (open.length === 0) break
    const before = mergedDocuments((await readLayers(read, version)).layers)
    open = open.filter((one) => {
      if (translationOf(before, one) !== one.text) return false
      const was = saidAt(before, `${one.path}#${one.place}`)
      if (typeof was !== 'string' || was === one.source) return true
      behind.push({ language: one.language, path: one.path, place: one.place, was })
      return false
    })
  }
  return behind
}

interface Translation {
  readonly language: string
  readonly path: string
  readonly place: string
  readonly text: Json
  readonly source: string
}

const translations = (documents: Documents): readonly Translation[] => Object.entries(documents).flatMap(([file, texts]) => {
  const language = /^texts\/(.+)\.json$/.exec(file)?.[1]
  if (language === undefined) return []
  return Object.entries(texts).filter(([path]) => path !== confirmedKey).flatMap(([path, entries]) => (isObject(entries) ? Object.entries(entries) : []).flatMap(([place, text]) => {
    const source = saidAt(documents, `${path}#${place}`)
    return typeof source === 'string' ? [{ language, path, place, text, source }] : []
  }))
})

function isConfirmed(documents: Documents, { language, path, place, source }: Translation): boolean {
  const confirmed = documents[`texts/${language}.json`]?.[confirmedKey]
  const entries = isObject(confirmed) ? confirmed[path] : undefined
  return isObject(entries) && Object.hasOwn(entries, place) && entries[place] === source
}

function translationOf(documents: Documents, { language, path, place }: Translation): Json | undefined {
  const entries = documents[`texts/${language}.json`]?.[path]
  return isObject(entries) && Object.hasOwn(entries, place) ? entries[place] : undefined
}
