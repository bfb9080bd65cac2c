/** A run that goes on by another document: each step that is under way finds its place there, or the run stays as it is. Pure. */
import type { WorkflowDefinition } from '../../metadata/contract/definitions.gen.js'
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { sameJson } from '../model/equal.js'
import { pointer } from '../model/paths.js'
import { stateOf, type Kept } from './durable/kept.js'
import { kindNameOf } from './interpreter.js'
import type { Frame, RunState, Step } from './state.js'

/** JSON Pointer of a step in the document that a run follows → that of its place in the other one. */
export type Mapping = Readonly<Record<string, string>>

/** Why a step that is under way has no place. `gone`: nobody said where it goes on; the others cannot be helped by saying so. */
export type Reason = 'gone' | 'elsewhere' | 'kind' | 'branches' | 'listening' | 'calling' | 'over'

export interface Obstacle extends JsonObject {
  /** JSON Pointer of the step in the document that the run follows. */
  readonly path: string
  readonly name: string
  readonly reason: Reason
}

/** The document that a run follows, and the one that it is to follow. */
export interface Documents {
  readonly from: WorkflowDefinition
  readonly to: WorkflowDefinition
}

/** Of a run that failed it is the state before its failure that moves, so that it can be tried again: by what the other document says. */
export function rehoused(kept: Kept, documents: Documents, mapping: Mapping): { readonly kept: Kept } | { readonly obstacles: readonly Obstacle[] } {
  if (kept.sent !== null) return { obstacles: kept.asked.filter(({ seq }) => seq === kept.sent).map((command): Obstacle => ({ path: textOf(command['path']), name: textOf(command['name']), reason: 'calling' })) }
  const failed = isObject(kept['failed']) ? kept['failed'] : null
  const state = failed === null ? stateOf(kept) : (failed['state'] as unknown as RunState | null) // written by `afterMove`
  if (state === null) return { kept }
  if (state.root === null) return { obstacles: [{ path: '', name: '', reason: 'over' }] }
  const failing = isObject(failed?.['command']) ? Number(failed['command']['seq']) : undefined
  const move: Move = { ...documents, mapping, failing, places: new Map(), obstacles: [] }
  const root = within(state.root, state.root.path, move)
  if (move.obstacles.length > 0) return { obstacles: move.obstacles }
  const moved = { ...state, root } as unknown as JsonObject
  const placed = (command: JsonObject): JsonObject => ({ ...command, ...move.places.get(Number(command['seq'])) })
  const commands = { pending: kept.pending.map(placed), asked: kept.asked.map(placed) }
  if (failed === null) return { kept: { ...kept, ...commands, state: moved } }
  if (!isObject(failed['command'])) return { kept: { ...kept, ...commands, failed: { ...failed, state: moved } } }
  // The step whose call failed is begun anew, so that it is what the other document says.
  const anew = { ...state, root: without(root, Number(failed['command']['seq'])) } as unknown as JsonObject
  return { kept: { ...kept, ...commands, failed: { ...failed, state: anew, event: { kind: 'time' }, command: null } } }
}

const without = (frame: Frame, seq: number): Frame => ({ ...frame, children: frame.children.filter((child) => child.seq !== seq).map((child) => without(child, seq)) })

/** A step that was told, at the place that it has in the other document, as far as there is one with its name or that was chosen for it. */
export function retold(step: Step, { to }: Pick<Documents, 'to'>, mapping: Mapping): Step {
  let path = ''
  let rest = step.path
  for (let part = placeIn.exec(rest); part !== null; part = placeIn.exec(rest)) {
    const [whole, list = '', , name = ''] = part
    rest = rest.slice(whole.length)
    const old = step.path.slice(0, step.path.length - rest.length)
    const found = mapping[old] ?? entriesOf(to, `${path}${list}`).find((entry) => pointer(entry.name) === `/${name}`)?.path
    if (found === undefined) return step
    path = found
  }
  return path === '' ? step : { ...step, path }
}

/** `/do/2/name` at the beginning of a pointer: the list, the number, the name. */
const placeIn = /^((?:\/use\/functions\/[^/]+)?\/(?:do|try|catch\/do|fork\/branches))\/(\d+)\/([^/]+)/

interface Move extends Documents {
  readonly mapping: Mapping
  /** Number of the step whose call failed. */
  readonly failing: number | undefined
  /** By the number of the step. */
  readonly places: Map<number, { readonly path: string; readonly name: string }>
  readonly obstacles: Obstacle[]
}

/** The frame at its new path; what is under way inside of it finds its place in the same list there. */
function within(frame: Frame, path: string, move: Move): Frame {
  let { memo } = frame
  const running: number[] = []
  const children = frame.children.flatMap((child): readonly Frame[] => {
    if (child.path.startsWith('/use/functions/') && !frame.path.startsWith('/use/functions/')) return functionOf(child, move)
    const [, list = ''] = /^(.+)\/\d+\/[^/]+$/.exec(child.path.slice(frame.path.length)) ?? []
    const found = placeFor(child, `${path}${list}`, move)
    if (typeof found === 'string') {
      move.obstacles.push({ path: child.path, name: child.name, reason: found })
      return []
    }
    if (memo['place'] !== undefined) memo = { ...memo, place: { ...(memo['place'] as JsonObject), at: found.at } }
    if (memo['outputs'] !== undefined && running.includes(found.at)) {
      move.obstacles.push({ path: child.path, name: child.name, reason: 'branches' })
      return []
    }
    running.push(found.at)
    move.places.set(child.seq, { path: found.path, name: found.name })
    return [within({ ...child, name: found.name }, found.path, move)]
  })
  return memo['outputs'] === undefined ? { ...frame, path, memo, children } : { ...frame, path, children, ...branched(frame, path, running, move) }
}

/** A fork with the branches of the other document: what is done keeps its output under its name, what is new begins at once. */
function branched({ path: before, memo, until }: Frame, path: string, running: readonly number[], { from, to }: Documents): Pick<Frame, 'memo' | 'until'> {
  const old = entriesOf(from, `${before}/fork/branches`).map(({ name }) => name)
  const names = entriesOf(to, `${path}/fork/branches`).map(({ name }) => name)
  const given = memo['outputs'] as readonly Json[] // kept by `fork`
  const outputs = names.map((name, index): Json => (running.includes(index) ? [] : given[old.indexOf(name)] ?? []))
  const added = names.flatMap((name, index) => (running.includes(index) || old.includes(name) ? [] : [index]))
  return added.length === 0 ? { memo: { ...memo, outputs, running }, until } : { memo: { ...memo, outputs, running, added }, until: 0 }
}

/** What a function of the document has begun goes on where the function is the same. */
function functionOf(child: Frame, move: Move): readonly Frame[] {
  const body = valueAt(move.to, child.path)
  if (body !== undefined && sameJson(body, valueAt(move.from, child.path))) return [child]
  move.obstacles.push({ path: child.path, name: child.name, reason: 'kind' })
  return []
}

interface Entry {
  readonly path: string
  readonly name: string
  readonly at: number
  readonly task: JsonObject
}

function placeFor(frame: Frame, list: string, { from, to, mapping, failing }: Move): Entry | Reason {
  const wanted = mapping[frame.path]
  const entries = entriesOf(to, list)
  const isBranch = list.endsWith('/branches')
  const found = entries.find(({ path, name }) => (wanted === undefined ? name === frame.name : path === wanted))
  if (found === undefined) return wanted === undefined ? 'gone' : 'elsewhere'
  const before = valueAt(from, frame.path)
  if (!isObject(before) || kindNameOf(before) !== kindNameOf(found.task) || before['call'] !== found.task['call']) return 'kind'
  if (isBranch && frame.seq === failing) return 'branches'
  const heard = frame.memo['matched']
  return Array.isArray(heard) && heard.length > 0 && !sameJson(before['listen'], found.task['listen']) ? 'listening' : found
}

function entriesOf(document: WorkflowDefinition, list: string): readonly Entry[] {
  const entries = valueAt(document, list)
  return (Array.isArray(entries) ? (entries as readonly Json[]) : []).flatMap((entry, at): readonly Entry[] => {
    const [first] = isObject(entry) ? Object.entries(entry) : []
    return first === undefined || !isObject(first[1]) ? [] : [{ path: `${list}${pointer(at, first[0])}`, name: first[0], at, task: first[1] }]
  })
}

function valueAt(document: WorkflowDefinition, path: string): Json | undefined {
  let value: Json | undefined = document as unknown as JsonObject
  for (const part of path.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    value = Array.isArray(value) ? (value as readonly Json[])[Number(key)] : isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
  }
  return value
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')
