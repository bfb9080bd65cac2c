/** What strangers send by a public form becomes a record, with the rights that the form gives and no others. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import { publicForm, type PublicForm } from '../../model/public-forms.js'
import type { Actor } from '../../permissions/actor.js'
import { callOf, type Call, type Engine } from '../call.js'
import type { OnceKey } from '../idempotency.js'
import { create } from '../records/write.js'

export interface Submission {
  readonly values: JsonObject
  readonly once?: OnceKey
}

/** Whoever stands at a form, and the form. */
export interface AtForm {
  readonly call: Call
  readonly form: PublicForm
}

/**
 * A call of whoever stands at the form of this address, against the newest published model.
 * @throws Problem form.unavailable
 */
export async function atForm(engine: Engine, address: string): Promise<AtForm> {
  const actor: Actor = { id: null, name: '', email: '', roles: [], form: address, locale: 'en', timeZone: 'UTC', attributes: new Map() }
  // No session tells of a newer version here, so a form that is not found is looked for in it.
  if (publicForm(engine.current.get(), address) === undefined) await engine.refresh()
  const call = callOf(engine, actor)
  const form = publicForm(call.model, address)
  if (form === undefined) throw new Problem('form.unavailable')
  return { call, form }
}

/** The values, with what is not a stranger's to say said by us. */
const heard = ({ entity, offer }: PublicForm, values: JsonObject, at: Date): JsonObject =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => {
    const field = entity.fields.get(key)
    return [key, field?.type.heard === undefined || value === null ? value : field.type.heard(value, field.options, { at, form: offer.address })]
  }))

/**
 * Makes the record. Nothing of it is told, and not which value somebody else has already.
 * @throws Problem form.unavailable, form.taken, field.*, record.invalid, idempotency.*
 */
export async function submit({ call, form }: AtForm, { values, once }: Submission): Promise<void> {
  const stray = Object.keys(values).find((key) => !form.keys.has(key))
  if (stray !== undefined) throw new Problem('field.unknown', { field: stray })
  try {
    await create(call, { entity: form.entity.name, body: { ...heard(form, values, call.at), ...form.set }, ...(once === undefined ? {} : { once }) })
  } catch (error) {
    if (error instanceof Problem && error.code === 'record.conflict') throw new Problem('form.taken')
    if (error instanceof Problem && error.code === 'request.path') throw new Problem('form.unavailable') // taken back at this moment
    throw error
  }
}
