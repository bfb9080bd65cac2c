/** What a step says to users of the product, in their languages: its texts are translated like all texts of the definitions, by their place. */
import { translator } from '../../forms/texts.js'
import type { Model } from '../../model/model.js'
import type { Executor } from '../../storage/contract.js'
import { languagesOf } from '../people/languages.js'

/** Where a step stands in the definitions. */
export interface StepPlace {
  /** Name of the workflow's definition. */
  readonly workflow: string
  /** JSON Pointer of the step in its document. */
  readonly path: string
}

/** A text of a step in a language. @param key the member of `with` that has it */
export const saidIn = (model: Model, { workflow, path }: StepPlace, key: string, text: string, locale: string): string =>
  translator(model, locale)(`workflows/${workflow}.json`, `${path}/with/${key}`, text)

/** For each user the text in their language. One statement, and none where nobody has translated the text. */
export async function saidTo(tx: Executor, model: Model, step: StepPlace, key: string, text: string, users: readonly number[], at: Date): Promise<ReadonlyMap<number, string>> {
  const isTranslated = [...model.texts.keys()].some((tag) => saidIn(model, step, key, text, tag) !== text)
  const languages = isTranslated ? await languagesOf(tx, model, users, at) : new Map<number, string>()
  return new Map(users.map((user) => [user, saidIn(model, step, key, text, languages.get(user) ?? model.language)]))
}
