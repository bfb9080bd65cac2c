/** Translations stand under the place of the step that they speak of: they go along when it is put elsewhere, and end with it. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { objectOf, textLanguages } from '../draft/definitions.js'
import { applyAll, type Documents, type Operation } from '../draft/operations.js'
import { allSteps, stepsOf, type Step } from '../workflows/workflow-tree.js'
import { setValue } from './set-value.js'

/** @param operations what happens to the steps of the workflow */
export function withTexts(documents: Documents, path: string, operations: readonly Operation[]): readonly Operation[] {
  const tags = textLanguages(documents).filter((tag) => documents[`texts/${tag}.json`]?.[path] !== undefined)
  if (operations.length === 0 || tags.length === 0) return operations
  const after = applyAll(documents, operations)
  const place = places(allSteps(stepsOf(objectOf(documents[path]))), allSteps(stepsOf(objectOf(after[path]))))
  let current = after
  const texts = tags.flatMap((tag): readonly Operation[] => {
    const moved = Object.entries(objectOf(after[`texts/${tag}.json`]?.[path])).flatMap(([at, text]): readonly (readonly [string, Json])[] => {
      const to = place(at)
      return to === null ? [] : [[to, text]]
    })
    const set = setValue(current, [`texts/${tag}.json`, path], moved.length === 0 ? undefined : Object.fromEntries(moved))
    current = applyAll(current, set)
    return set
  })
  return [...operations, ...texts]
}

/** A task that nobody touched is the same object as before, wherever it stands now. */
function places(before: readonly Step[], after: readonly Step[]): (at: string) => string | null {
  const now = new Map<JsonObject, string>()
  for (const { task, path } of after) if (!now.has(task)) now.set(task, path)
  const paths = new Set(after.map(({ path }) => path))
  return (at) => {
    const around = before.filter(({ path }) => at.startsWith(`${path}/`)).toSorted((a, b) => b.path.length - a.path.length)[0]
    if (around === undefined) return at
    const moved = now.get(around.task)
    if (moved !== undefined) return `${moved}${at.slice(around.path.length)}`
    return paths.has(around.path) ? at : null
  }
}
