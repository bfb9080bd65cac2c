/** Makes a transition of a record: asks for what it requires, tells what came of it, and offers the way back where there is one. */
import type { UiTransition } from '../../metadata/contract/ui-model.js'
import { t } from '../client/i18n.js'
import type { Rec } from '../client/records.js'
import { nameOf } from '../fields/name-of.js'
import { newlyLacking } from '../forms/required.js'
import { saveTransition, type Outcome } from '../forms/save.js'
import { toast, toastUndo, toastProblem } from '../ui/toast.js'
import { missingIn, stateLabel, wayBack } from './moving.js'
import { etagOf, refusalText, type Place } from './place.js'

/**
 * One attempt. Fields that are required and have no value are asked for in a dialog, which stays until it is accepted or given up.
 * Null: the person went back. What is refused without a dialog comes as an outcome.
 */
export async function makeTransition(place: Place, record: Rec, transition: UiTransition): Promise<Outcome | null> {
  const { client, entity } = place
  const whole = await complete(place, record, transition)
  const needed = entity.lifecycle === undefined ? [] : newlyLacking(entity, whole, { ...whole, [entity.lifecycle.field]: transition.target })
  const missing = [...new Set([...missingIn(transition, whole), ...needed])]
  if (missing.length === 0) return saveTransition(client.records, entity, { id: record.id, name: transition.name, body: {}, etag: etagOf(record) })
  await import('./transition-dialog.js')
  const dialog = document.createElement('transition-dialog')
  dialog.asked = { ...place, record: whole, transition, missing }
  return dialog.open()
}

/** The record with the fields that the transition requires and that may become required: a list or a board reads only what it shows. */
async function complete({ client, entity }: Place, record: Rec, { require }: UiTransition): Promise<Rec> {
  const needed = entity.fields.some(({ requiredWhen }) => requiredWhen !== undefined) ? entity.fields.map(({ key }) => key) : require
  if (needed.every((key) => Object.hasOwn(record, key))) return record
  const { body } = await client.records.get(entity.name, record.id)
  return { ...body, version: record['version'] ?? null }
}

/** Makes it and tells of it; `moved` gets the record as it is then, also when the way back was taken. */
export async function transit(place: Place, record: Rec, transition: UiTransition, moved: (record: Rec, etag: string) => void): Promise<void> {
  const { entity } = place
  const name = nameOf(entity, record)
  let outcome: Outcome | null
  try {
    outcome = await makeTransition(place, record, transition)
  } catch (thrown) {
    toastProblem(thrown)
    return
  }
  if (outcome === null) return
  if (outcome.kind !== 'saved') return toastProblem(new Error(refusalText(outcome, name, place, transition)))
  const after: Rec = { ...record, ...outcome.record }
  moved(after, outcome.etag)
  const back = entity.lifecycle === undefined ? undefined : wayBack(entity.lifecycle, transition, after)
  const told = t('lifecycle.moved', { name, state: stateLabel(entity, transition.target) })
  if (back === undefined) toast(told)
  else toastUndo(told, () => void transit(place, after, back, moved))
}
