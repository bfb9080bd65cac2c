/** What a stranger at a public form may do: make a record of the fields that stand on the form, and read nothing. */
import type { Model } from '../model/model.js'
import { everything, nothing } from '../model/conditions/predicate.js'
import { publicForm, type PublicForm } from '../model/public-forms.js'
import type { Access, EntityAccess } from './access.js'

const compiled = new WeakMap<PublicForm, Access>()
const none: Access = { key: 'form:', roles: new Set(), design: false, audit: false, people: false, share: false, entity: () => undefined, segment: () => undefined }

/** Rights at an address; none at all when no form stands there (any more). */
export function publicAccess(model: Model, address: string): Access {
  const form = publicForm(model, address)
  if (form === undefined) return none
  let access = compiled.get(form)
  if (access === undefined) compiled.set(form, (access = accessAt(form, address)))
  return access
}

function accessAt({ entity, keys, set }: PublicForm, address: string): Access {
  const rights: EntityAccess = Object.freeze({
    entity,
    read: [{ rows: nothing, fields: new Map([...keys].map((key) => [key, 'full' as const])) }],
    rows: nothing,
    create: [{ rows: everything, fields: new Set([...keys, ...Object.keys(set)]) }],
    update: [],
    archive: false as const,
    purge: false as const,
    export: false as const,
    history: false,
    field: (key: string) => (keys.has(key) ? { how: 'full' as const } : undefined),
  })
  return Object.freeze({ ...none, key: `form:${address}`, entity: (name: string) => (name === entity.name ? rights : undefined) })
}
