/** The tasks of a workflow document, wherever they stand: lists inside of lists, branches, what is tried and what catches. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { pointer } from '../model/paths.js'

type Rewrite = (task: JsonObject, at: string) => JsonObject

/** A copy of the document whose tasks went through `rewrite`, inner ones first. `at`: JSON Pointer of the task. */
export function mapTasks(document: JsonObject, rewrite: Rewrite): JsonObject {
  const use = isObject(document.use) && isObject(document.use.functions) ? { use: { ...document.use, functions: Object.fromEntries(Object.entries(document.use.functions).map(([name, task]) => [name, taskOf(task, `/use/functions${pointer(name)}`, rewrite)])) } } : {}
  return { ...document, ...use, ...(document.do === undefined ? {} : { do: listOf(document.do, '/do', rewrite) }) }
}

/** Every task with its place, inner ones first. */
export function tasksIn(document: JsonObject): readonly { readonly task: JsonObject; readonly at: string }[] {
  const found: { readonly task: JsonObject; readonly at: string }[] = []
  mapTasks(document, (task, at) => {
    found.push({ task, at })
    return task
  })
  return found
}

const listOf = (list: Json, place: string, rewrite: Rewrite): Json =>
  Array.isArray(list) ? (list as readonly Json[]).map((entry, index) => (isObject(entry) ? Object.fromEntries(Object.entries(entry).map(([name, task]) => [name, taskOf(task, `${place}${pointer(index, name)}`, rewrite)])) : entry)) : list

function taskOf(task: Json, at: string, rewrite: Rewrite): Json {
  if (!isObject(task)) return task
  const inner: Record<string, Json> = {}
  for (const member of ['do', 'try'] as const) if (task[member] !== undefined) inner[member] = listOf(task[member], `${at}/${member}`, rewrite)
  if (isObject(task.catch) && task.catch.do !== undefined) inner['catch'] = { ...task.catch, do: listOf(task.catch.do, `${at}/catch/do`, rewrite) }
  if (isObject(task.fork) && task.fork.branches !== undefined) inner['fork'] = { ...task.fork, branches: listOf(task.fork.branches, `${at}/fork/branches`, rewrite) }
  return rewrite({ ...task, ...inner }, at)
}
