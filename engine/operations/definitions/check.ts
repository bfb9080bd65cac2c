/** All problems of the caller's draft at once. */
import type { Finding } from '../../errors.js'
import type { Call } from '../call.js'
import { checkWithTests } from './access-tests.js'
import { readDraft } from './draft.js'

/** Problems with the path of each; empty when the draft can be published. */
export async function checkDraft(call: Call): Promise<readonly Finding[]> {
  const { documents } = await readDraft(call)
  return checkWithTests(documents, call.model).findings
}
