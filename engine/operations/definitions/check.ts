/** What is wrong with the caller's draft, all at once, and how its screens would be. */
import type { UiModel } from '../../../metadata/contract/ui-model.js'
import { check } from '../../definitions/check.js'
import type { Finding } from '../../errors.js'
import { describe } from '../../forms/describe.js'
import { accessFor } from '../../permissions/compile.js'
import type { Call } from '../call.js'
import { checkWithTests } from './access-tests.js'
import { readDraft } from './draft.js'

/** Problems with the path of each, none when the draft can be published; and what can be, but is hardly meant. */
export async function checkDraft(call: Call): Promise<{ readonly problems: readonly Finding[]; readonly hints: readonly Finding[] }> {
  const { documents } = await readDraft(call)
  const { findings, hints, model } = checkWithTests(documents, call.model)
  return { problems: findings.length > 0 ? findings : await call.engine.proveWorkflows(model, call.model), hints }
}

/** What the caller's screens would be told if the draft were in force, as far as it compiles: conditions and lists are built on it before it is published. */
export async function draftModel(call: Call, locale: string): Promise<UiModel> {
  const { documents } = await readDraft(call)
  const { model } = check(documents, call.model, call.model.version)
  return describe(model, accessFor(model, call.actor.roles, call.engine.log), call.actor, locale)
}
