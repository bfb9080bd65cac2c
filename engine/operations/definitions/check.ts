/** All problems of the caller's draft at once. */
import { check as checkDocuments } from '../../definitions/check.js'
import type { Finding } from '../../errors.js'
import type { Call } from '../call.js'
import { readDraft } from './draft.js'

/** Problems with the path of each; empty when the draft can be published. */
export async function checkDraft(call: Call): Promise<readonly Finding[]> {
  const { documents } = await readDraft(call)
  return checkDocuments(documents, call.model).findings
}
