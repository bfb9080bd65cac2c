/** Lifecycles in the studio: states and options change together, and every command leaves a lifecycle that can be published. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { JsonObject } from '../../metadata/contract/json.js'
import { check } from '../../engine/definitions/check.js'
import { addLifecycle, addState, addTransition, lifecyclePath, moveState, removeLifecycle, removeState, removeTransition, setInitial, setInLifecycle, setState } from '../../studio/designer/commands/change-lifecycle.js'
import { entitiesOf } from '../../studio/designer/draft/definitions.js'
import { openDraft, perform, redo, undo } from '../../studio/designer/draft/draft.js'
import { applyAll, type Documents, type Operation } from '../../studio/designer/draft/operations.js'
import { layOut } from '../../studio/designer/lifecycles/lay-out.js'
import { shapeOf, type Shape } from '../../studio/designer/lifecycles/lifecycle-shape.js'
import { problemText } from '../../studio/designer/words.js'
import { tinyDocuments } from '../model/packs.js'

const entity = 'ticket'
const tiny = await tinyDocuments()
const plain: Documents = {
  ...tiny,
  [`${entity}/entity.json`]: {
    $schema: '/schemas/entity.json', type: 'object', title: 'Ticket', required: ['name'], crm: { display: 'name' },
    properties: { name: { type: 'string' }, state: { type: 'string', enum: ['new', 'open', 'done'], crm: { type: 'select', options: { new: { title: 'New' }, open: { title: 'Open', color: 'blue' }, done: { title: 'Done' } } } } },
  },
  'texts/zh.json': { ...tiny['texts/zh.json'], [`${entity}/entity.json`]: { '/properties/state/crm/options/new/title': '新' } },
}
const start: Documents = applyAll(plain, addLifecycle(plain, entity, 'state'))

function shape(documents: Documents): Shape {
  const found = entitiesOf(documents, {}, 'en').find(({ name }) => name === entity)
  const made = found === undefined ? null : shapeOf(documents, 'en', found)
  if (made === null) throw new Error('there is no lifecycle')
  return made
}

/** What stops a publish; that a state is not reached any more is for the admin to decide. */
const stops = (documents: Documents): readonly string[] => check(documents).findings.filter(({ code, path }) => path.startsWith(`${entity}/`) && code !== 'lifecycle.unreachable').map(({ path, message }) => `${path} ${message}`)

const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)]

type Command = (documents: Documents, a: number, b: number, word: string) => readonly Operation[]
const commands: readonly Command[] = [
  (documents, a, _b, word) => addState(documents, entity, word, pick(shape(documents).states, a)?.name ?? ''),
  (documents, a) => removeState(documents, entity, pick(shape(documents).states, a)?.name ?? ''),
  (documents, a, _b, word) => setState(documents, entity, pick(shape(documents).states, a)?.name ?? '', { title: word, color: 'green' }),
  (documents, a, b) => moveState(documents, entity, pick(shape(documents).states, a)?.name ?? '', (b % 3) - 1),
  (documents, a) => setInitial(documents, entity, pick(shape(documents).states, a)?.name ?? ''),
  (documents, a, b) => addTransition(documents, entity, pick(shape(documents).states, a)?.name ?? '', pick(shape(documents).states, b)?.name ?? ''),
  (documents, a) => {
    const way = pick(shape(documents).states.flatMap(({ ways }) => ways), a)
    return way === undefined ? [] : removeTransition(documents, entity, way.from, way.name)
  },
]
const acts = fc.array(fc.tuple(fc.nat(commands.length - 1), fc.nat(20), fc.nat(20), fc.string({ minLength: 1, maxLength: 8 })), { minLength: 1, maxLength: 8 })

describe('a lifecycle is changed by hand', () => {
  test('the options of a field become states that lead on, the last one final', () => {
    expect(start[lifecyclePath(entity)]).toEqual({ field: 'state', initial: 'new', states: { new: { on: { toOpen: { target: 'open' } } }, open: { on: { toDone: { target: 'done' } } }, done: { final: true } } })
    expect(stops(start)).toEqual([])
  })

  test('a step is called as the state that it leads to, also when that is renamed, until somebody names it', () => {
    const renamed = applyAll(start, setState(start, entity, 'open', { title: 'In repair' }))
    expect(shape(renamed).states[0]?.ways).toMatchObject([{ title: 'In repair', named: false }])
    expect(problemText({ code: 'lifecycle.unreachable', message: 'No way leads to the state “open”.', path: `${lifecyclePath(entity)}#/states/open`, documents: renamed })).toBe('No way leads to the state “In repair”.')
    expect(problemText({ code: 'lifecycle.set', message: '“state” cannot be set here.', path: lifecyclePath(entity), documents: renamed })).toBe('“State” cannot be set here.')
    expect(shape(applyAll(renamed, setInLifecycle(renamed, entity, ['states', 'new', 'on', 'toOpen', 'title'], 'Begin'))).states[0]?.ways).toMatchObject([{ title: 'Begin', named: true }])
  })

  test('any sequence of commands keeps options and states together, every state left or final, and can be taken back', () => {
    fc.assert(fc.property(acts, (sequence) => {
      let draft = openDraft(start)
      for (const [which, a, b, word] of sequence) {
        const operations = pick(commands, which)?.(draft.documents, a, b, word) ?? []
        draft = perform(draft, operations).draft
      }
      expect(stops(draft.documents)).toEqual([])
      const end = draft.documents
      while (draft.done.length > 0) draft = undo(draft).draft
      expect(draft.documents).toEqual(start)
      while (draft.undone.length > 0) draft = redo(draft).draft
      expect(draft.documents).toEqual(end)
    }), { numRuns: 40 })
  })

  test('a removed state takes its option, the steps to it and its translations along; the beginning stays', () => {
    const translated: Documents = { ...start, 'texts/zh.json': { ...start['texts/zh.json'], [lifecyclePath(entity)]: { '/states/new/on/toOpen/title': '打开', '/states/open/on/toDone/title': '完成' } } }
    const gone = applyAll(translated, removeState(translated, entity, 'open'))
    expect(shape(gone).states.map(({ name, final, ways }) => [name, final, ways.length])).toEqual([['new', true, 0], ['done', true, 0]])
    expect((gone['texts/zh.json'] as JsonObject)[lifecyclePath(entity)]).toBeUndefined()
    expect(removeState(start, entity, 'new')).toEqual([])
    expect(applyAll(start, removeLifecycle(start, entity))).toEqual(plain)
  })

  test('in the picture every state and every step has its place', () => {
    const drawn = layOut(shape(start))
    expect(drawn.nodes.map(({ name }) => name)).toEqual(['new', 'open', 'done'])
    expect(drawn.edges.map(({ from, way, line }) => [from, way, line.startsWith('M')])).toEqual([['new', 'toOpen', true], ['open', 'toDone', true]])
    expect(drawn.nodes.every(({ x, y }) => x > 0 && x < drawn.width && y > 0 && y < drawn.height)).toBe(true)
  })
})
