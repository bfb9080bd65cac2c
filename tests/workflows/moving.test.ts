/** Runs that go on by another document: what is under way keeps its values and its place, however deep it lies. */
import { describe, expect, test } from 'vitest'

import type { WorkflowDefinition } from '../../metadata/contract/definitions.gen.js'
import type { JsonObject } from '../../metadata/contract/json.js'
import { expressionsOf } from '../../engine/workflows/expressions/expressions.js'
import { afterMove, stateOf, type Kept } from '../../engine/workflows/durable/kept.js'
import { advance, begin } from '../../engine/workflows/interpreter.js'
import { rehoused, retold, type Mapping } from '../../engine/workflows/moving.js'
import type { Step } from '../../engine/workflows/state.js'

type Tasks = readonly JsonObject[]
const document = (tasks: Tasks): WorkflowDefinition => ({ document: { dsl: '1.0.3', namespace: 't', name: 't', version: '1.0.0' }, evaluate: { language: 'cel' }, do: tasks }) as unknown as WorkflowDefinition
const empty: Kept = { state: null, pending: [], asked: [], arrived: null, sent: null }
const day = 86_400_000

async function begun(tasks: Tasks): Promise<Kept> {
  const definition = document(tasks)
  return afterMove(empty, null, await begin({ id: '1', definition, input: { all: [1, 2] }, expressions: expressionsOf(definition), now: 0 }))
}

/** What the run gives by the other document after a day has passed; or what stands in the way. */
async function after(from: Tasks, to: Tasks, mapping: Mapping = {}): Promise<unknown> {
  const moved = rehoused(await begun(from), { from: document(from), to: document(to) }, mapping)
  if ('obstacles' in moved) return moved.obstacles.map(({ path, reason }) => `${path} ${reason}`)
  const definition = document(to)
  let state = stateOf(moved.kept)
  for (let days = 1; state !== null && state.root !== null && days < 10; days++) ({ state } = await advance(definition, state, { kind: 'time' }, expressionsOf(definition), days * day))
  return state?.output
}

const nap = (name = 'nap'): JsonObject => ({ [name]: { wait: { days: 1 } } })
const looped = (...tasks: Tasks): JsonObject => ({ each: { for: { each: 'one', in: '${ data.all }' }, do: [...tasks] } })

describe('moving a run', () => {
  test('goes on inside of loops, tries and branches, with the values that it had', async () => {
    const inside = (...tasks: Tasks): Tasks => [looped({ safe: { try: [{ both: { fork: { branches: [{ left: { do: [...tasks] } }, { right: { set: { right: true } } }] } } }], catch: {} } })]
    expect(await after(inside(nap()), [{ extra: { set: '${ data }' } }, ...inside({ more: { set: '${ data }' } }, nap(), { done: { set: { left: '${ one }' } } })])).toEqual([{ left: 2 }, { right: true }])
  })

  test('branches keep what they gave and go on under their names; one that went takes its output along, one that is new begins', async () => {
    const said = (name: string, value: string): JsonObject => ({ [name]: { set: { said: value } } })
    const fork = (compete: boolean, ...branches: Tasks): Tasks => [{ both: { fork: { compete, branches } } }]
    const before = fork(false, said('one', 'before'), nap('two'), said('three', 'before'))
    expect(await after(before, fork(false, nap('two'), said('four', 'new'), said('one', 'after')))).toEqual([{ all: [1, 2] }, { said: 'new' }, { said: 'before' }])
    expect(await after(before, fork(false, nap('six'), nap('five'), said('one', 'after')), { '/do/0/both/fork/branches/1/two': '/do/0/both/fork/branches/0/six' })).toEqual([{ all: [1, 2] }, { all: [1, 2] }, { said: 'before' }])
    expect(await after(fork(true, { two: { wait: { days: 3 } } }), fork(true, { two: { wait: { days: 3 } } }, said('first', 'new')))).toEqual({ said: 'new' })
    // A fork in a branch of another one.
    expect(await after([{ outer: { fork: { branches: [{ inner: fork(false, said('one', 'before'), nap('two'))[0]?.['both'] as JsonObject }, nap('beside')] } } }], [{ outer: { fork: { branches: [nap('beside'), { inner: fork(false, nap('two'), said('new', 'new'), said('one', 'x'))[0]?.['both'] as JsonObject }] } } }])).toEqual([{ all: [1, 2] }, [{ all: [1, 2] }, { said: 'new' }, { said: 'before' }]])
  })

  test('tells each step that has no place, and why', async () => {
    const from = [looped(nap())]
    expect(await after(from, [{ each: { do: [nap()] } }])).toEqual(['/do/0/each kind'])
    expect(await after(from, [looped(nap('sleep'))])).toEqual(['/do/0/each/do/0/nap gone'])
    expect(await after(from, [looped({ other: { set: {} } }), nap()], { '/do/0/each/do/0/nap': '/do/1/nap' })).toEqual(['/do/0/each/do/0/nap elsewhere'])
    expect(await after(from, [looped({ other: { set: 1 as unknown as JsonObject } }, nap('sleep'))], { '/do/0/each/do/0/nap': '/do/0/each/do/1/sleep' })).not.toBeInstanceOf(Array)
    const forked = (...names: readonly string[]): Tasks => [{ both: { fork: { branches: names.map((name) => nap(name)) } } }]
    expect(await after(forked('a', 'b'), forked('a', 'c'))).toEqual(['/do/0/both/fork/branches/1/b gone'])
    expect(await after(forked('a', 'b'), forked('c'), { '/do/0/both/fork/branches/0/a': '/do/0/both/fork/branches/0/c', '/do/0/both/fork/branches/1/b': '/do/0/both/fork/branches/0/c' })).toEqual(['/do/0/both/fork/branches/1/b branches'])
    expect(rehoused({ ...(await begun([nap()])), sent: 1, asked: [{ seq: 1, path: '/do/0/nap', name: 'nap' }] }, { from: document([nap()]), to: document([nap()]) }, {})).toMatchObject({ obstacles: [{ reason: 'calling' }] })
  })

  test('tells what was done at the places that it has now', () => {
    const step = (path: string): Step => ({ seq: 1, path, name: '', status: 'completed', input: null, output: null, error: null, startedAt: 0, endedAt: 0 })
    const to = document([{ extra: { set: {} } }, looped({ first: { set: {} } }, nap('sleep'))])
    const told = (path: string, mapping: Mapping = {}): string => retold(step(path), { to }, mapping).path
    expect(told('/do/0/each')).toBe('/do/1/each')
    expect(told('/do/0/each/do/0/nap', { '/do/0/each/do/0/nap': '/do/1/each/do/1/sleep' })).toBe('/do/1/each/do/1/sleep')
    expect(told('/do/0/each/do/5/gone')).toBe('/do/0/each/do/5/gone')
  })
})
