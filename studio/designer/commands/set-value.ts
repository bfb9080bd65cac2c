/** Sets or removes one value of a definition, making the objects around it where they are missing. */
import { isObject, type Json } from '../../../metadata/contract/json.js'
import { pointer, valueAt, type Documents, type Operation } from '../draft/operations.js'

/** `value` undefined removes it. Nothing happens when it is so already. */
export function setValue(documents: Documents, keys: readonly string[], value: Json | undefined): readonly Operation[] {
  const old = valueAt(documents, keys)
  if (JSON.stringify(old) === JSON.stringify(value)) return []
  if (value === undefined) return [{ op: 'remove', path: pointer(...keys) }]
  const operations: Operation[] = []
  for (let depth = 1; depth < keys.length; depth += 1) {
    const container = valueAt(documents, keys.slice(0, depth))
    if (isObject(container) || Array.isArray(container)) continue
    operations.push({ op: 'add', path: pointer(...keys.slice(0, depth)), value: depth === 1 ? emptyDocument(keys[0]) : {} })
  }
  return [...operations, { op: old === undefined ? 'add' : 'replace', path: pointer(...keys), value }]
}

/** What is laid over an entity that is made of a list of objects is a schema, too. */
const emptyDocument = (path = ''): Json => (path.endsWith('/entity.json') ? { type: 'object' } : {})
