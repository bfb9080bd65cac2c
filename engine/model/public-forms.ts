/** Forms that are offered to people without an account, by the address at which they stand. */
import type { FormDefinition, FormElement, FormPublic } from '../../metadata/contract/definitions.gen.js'
import type { JsonObject } from '../../metadata/contract/json.js'
import type { Entity, Field, Model } from './model.js'
import { scopeKey } from './paths.js'

export interface PublicForm {
  readonly entity: Entity
  /** Of the form definition. */
  readonly name: string
  readonly form: FormDefinition
  readonly offer: FormPublic
  /** Fields that stand on the form, and may stand there. */
  readonly keys: ReadonlySet<string>
  /** What every record gets; fields that are put away rest. */
  readonly set: JsonObject
}

const compiled = new WeakMap<Model, ReadonlyMap<string, PublicForm>>()

/** The form at an address (`join` for `/forms/join`); undefined when none is offered there. */
export function publicForm(model: Model, address: string): PublicForm | undefined {
  let forms = compiled.get(model)
  if (forms === undefined) compiled.set(model, (forms = new Map([...model.entities.values()].flatMap(offered))))
  return forms.get(address)
}

/** People get accounts from administrators only, whatever a form says. */
export const mayBePublic = (entity: Entity): boolean => entity.name !== 'user'

function offered(entity: Entity): readonly (readonly [string, PublicForm])[] {
  if (!mayBePublic(entity)) return []
  return [...entity.forms].flatMap(([name, form]) => {
    if (form.public === undefined) return []
    const keys = new Set(controlsOf(form).filter((key) => whyNotPublic(entity.fields.get(key)) === undefined))
    const set = Object.fromEntries(Object.entries(form.public.set ?? {}).filter(([key]) => entity.fields.has(key)))
    return [[form.public.address, { entity, name, form, offer: form.public, keys, set }]]
  })
}

/** Keys of the fields on a form, each as often as it stands there. */
export function controlsOf(element: FormElement): readonly string[] {
  const own = element.type === 'Control' ? [scopeKey(element.scope)] : []
  return [...own.filter((key) => key !== undefined), ...(element.elements ?? []).flatMap(controlsOf)]
}

/** Why a field cannot be filled in by a stranger, as a sentence; undefined when it can. */
export function whyNotPublic(field: Field | undefined): string | undefined {
  if (field === undefined) return undefined // said by whoever looks for fields that do not exist
  if (field.system || field.readOnly || field.derived !== null) return 'nobody fills it in by hand'
  if (field.link !== null || field.links !== null || field.targets !== null || field.lines !== null) return 'choosing a record needs the right to see records'
  if (field.type.files !== undefined) return 'files are taken from people with an account only'
  return undefined
}
