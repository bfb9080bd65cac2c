/** Do translations belong to texts that exist? */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { isLanguage } from '../../metadata/contract/language.js'
import type { Finding } from '../errors.js'
import { finding } from '../model/findings.js'
import type { Documents } from '../model/model.js'
import { confirmedKey, pointer } from '../model/paths.js'

/** Findings of the texts of one language: the tag, and every entry whose place has no text of the definitions' own language. */
export function textFindings(path: string, tag: string, texts: JsonObject, documents: Documents): readonly Finding[] {
  const language = isLanguage(tag) ? [] : [finding(`${path}#`, 'texts.language', { tag })]
  const targets = Object.entries(texts).flatMap(([target, entries]) => {
    if (!isObject(entries) || target === confirmedKey) return []
    const document = Object.hasOwn(documents, target) ? documents[target] : undefined
    if (document === undefined) return [finding(`${path}#${pointer(target)}`, 'texts.target')]
    return Object.keys(entries).flatMap((place) => (isTranslatable(document, place) ? [] : [finding(`${path}#${pointer(target, place)}`, 'texts.target')]))
  })
  return [...language, ...targets]
}

/** Members that may be translated although nobody wrote them: they have a default made from the key. */
const implied: ReadonlySet<string> = new Set(['title', 'plural', 'description', 'label'])

/** True where a text stands, or where one that is made from the key would stand: its parent exists, or could (`crm/options/x`). */
function isTranslatable(document: JsonObject, place: string): boolean {
  const keys = place.split('/').slice(1).map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
  const last = keys.at(-1) ?? ''
  const value = valueAt(document, keys)
  if (value !== undefined) return typeof value === 'string'
  if (!implied.has(last)) return false
  const owner = keys.slice(0, -1)
  const option = owner.indexOf('crm')
  return valueAt(document, owner) !== undefined || (option >= 0 && valueAt(document, owner.slice(0, option)) !== undefined)
}

function valueAt(document: JsonObject, keys: readonly string[]): Json | undefined {
  let node: Json | undefined = document
  for (const key of keys) {
    if (Array.isArray(node)) node = (node as readonly Json[])[Number(key)]
    else node = isObject(node) && Object.hasOwn(node, key) ? node[key] : undefined
  }
  return node
}
