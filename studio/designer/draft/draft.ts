/** A draft as the designer holds it: documents, and every step with what takes it back. Pure and immutable. */
import { canonical } from './definitions.js'
import { applyAll, applyOperation, inverseOf, type Documents, type Operation } from './operations.js'

export interface Step {
  /** Steps with the same name that follow each other are one for undo, e.g. letters typed into a title; '' never joins. */
  readonly name: string
  readonly operations: readonly Operation[]
  /** Takes the operations back when applied in this order. */
  readonly inverse: readonly Operation[]
}

export interface Draft {
  readonly documents: Documents
  /** The last one is undone first. */
  readonly done: readonly Step[]
  readonly undone: readonly Step[]
}

/** A step and the operations that the engine has to be told. */
export interface Changed {
  readonly draft: Draft
  readonly operations: readonly Operation[]
}

const stepsKept = 500

export const openDraft = (documents: Documents): Draft => ({ documents, done: [], undone: [] })

/**
 * Does a step. What changes nothing is no step: inputs also tell of values that they were given.
 * @throws Error when an operation does not fit the documents; the draft is then as before
 */
export function perform(draft: Draft, operations: readonly Operation[], name = ''): Changed {
  if (operations.length === 0) return { draft, operations }
  const inverse: Operation[] = []
  let documents = draft.documents
  for (const operation of operations) {
    inverse.unshift(...inverseOf(documents, operation))
    documents = applyOperation(documents, operation)
  }
  if (sameDocuments(draft.documents, documents)) return { draft, operations: [] }
  const last = draft.done.at(-1)
  const joins = name !== '' && last?.name === name && draft.undone.length === 0
  const step: Step = joins ? { name, operations: [...last.operations, ...operations], inverse: [...inverse, ...last.inverse] } : { name, operations, inverse }
  return { draft: { documents, done: [...(joins ? draft.done.slice(0, -1) : draft.done), step].slice(-stepsKept), undone: [] }, operations }
}

/** Takes the last step back; the draft itself when there is none. */
export function undo(draft: Draft): Changed {
  const step = draft.done.at(-1)
  if (step === undefined) return { draft, operations: [] }
  const documents = applyAll(draft.documents, step.inverse)
  return { draft: { documents, done: draft.done.slice(0, -1), undone: [...draft.undone, step] }, operations: step.inverse }
}

/** Does the step again that was taken back last. */
export function redo(draft: Draft): Changed {
  const step = draft.undone.at(-1)
  if (step === undefined) return { draft, operations: [] }
  const inverse: Operation[] = []
  let documents = draft.documents
  for (const operation of step.operations) {
    inverse.unshift(...inverseOf(documents, operation))
    documents = applyOperation(documents, operation)
  }
  return { draft: { documents, done: [...draft.done, { ...step, name: '', inverse }], undone: draft.undone.slice(0, -1) }, operations: step.operations }
}

/** The same history on documents that the engine completed (a rename reaches into other documents). */
export const withDocuments = (draft: Draft, documents: Documents): Draft => ({ ...draft, documents })

/** Equal but for the order of members. Documents that were not touched are the same objects. */
const sameDocuments = (a: Documents, b: Documents): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([path, document]) => b[path] === document || canonical(b[path]) === canonical(document))
