/** Changes a form of an entity; without one, what `start` gives becomes the form. */
import type { Documents, Operation } from '../draft/operations.js'
import { readForm, writeForm, type FormNode } from '../screens/form-tree.js'

/** Nothing when `edit` gives the form back as it was. */
export function changeForm(documents: Documents, path: string, start: FormNode, edit: (form: FormNode) => FormNode): readonly Operation[] {
  const form = readForm(documents, path) ?? start
  const next = edit(form)
  return next === form ? [] : writeForm(documents, path, next)
}
