/** Can the conditions of `requiredWhen` be used? They are decided in memory, so they ask about the record's own values only. */
import { ConditionError, placeholdersIn, type Leaf } from '../../metadata/contract/condition-tree.js'
import { isTreeOperator } from '../../metadata/contract/operators.js'
import { Problem, type Finding } from '../errors.js'
import { finding } from '../model/findings.js'
import type { Entity, Field, Model } from '../model/model.js'
import { placeOf } from '../model/parts.js'
import { pointer } from '../model/paths.js'
import { conditionOf, questionsIn } from '../model/rules/required.js'
import { resolve, unrestricted } from '../model/conditions/resolve.js'

export const requiredFindings = (path: string, entity: Entity, model: Model): readonly Finding[] =>
  [...entity.fields.values()].flatMap((field) => {
    const reason = conditionOf(field) === undefined ? undefined : problemOf(field, entity, model)
    return reason === undefined ? [] : [finding(`${path}#${pointer('properties', field.key, 'crm', 'requiredWhen')}`, 'field.requiredWhen', { reason })]
  })

function problemOf(field: Field, entity: Entity, model: Model): string | undefined {
  if (field.readOnly || field.lines !== null) return 'nobody fills the field in by hand'
  const when = conditionOf(field) ?? {}
  try {
    const questions = questionsIn(when)
    const rests = questions.some(({ path: [key] }) => entity.archived.some((one) => one.key === key))
    const wrong = questions.map((question) => faultOf(question, entity, rests)).find((fault) => fault !== undefined)
    if (wrong !== undefined || rests) return wrong
    resolve(model, entity.name, when, unrestricted(model), '')
    return undefined
  } catch (error) {
    if (error instanceof ConditionError || error instanceof Problem) return error.message.replace(/\.$/, '')
    throw error
  }
}

function faultOf(question: Leaf, entity: Entity, rests: boolean): string | undefined {
  const name = question.path.join('.')
  if (question.kind !== 'value' || isTreeOperator(question.operator)) return `${name} is asked about other records`
  if (placeholdersIn(question).size > 0) return 'it depends on who writes'
  return rests || placeOf(entity, name) !== undefined ? undefined : `there is no field “${name}” in ${entity.name}`
}
