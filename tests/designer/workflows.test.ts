/** The drawing of workflows: whatever is done to it by hand stays a valid document, is drawn wholly, and can be taken back. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { JsonObject } from '../../metadata/contract/json.js'
import { workflowProblems } from '../../engine/definitions/check-workflows.js'
import { addBegin, removeBegin } from '../../studio/designer/commands/workflow-begins.js'
import { addBranch, addCase, copyStep, insertStep, moveStep, removeBranch, removeCase, removeStep, renameStep, type StepChange } from '../../studio/designer/commands/workflow-steps.js'
import { openDraft, perform, redo, undo } from '../../studio/designer/draft/draft.js'
import { entitiesOf } from '../../studio/designer/draft/definitions.js'
import { applyAll, type Documents, type Operation } from '../../studio/designer/draft/operations.js'
import { offersFor } from '../../studio/designer/workflows/kinds.js'
import { sourcesFor } from '../../studio/designer/workflows/sources.js'
import { inLanguages, isInLanguages, isList } from '../../studio/designer/steps/several.js'
import { readTests, writeTests } from '../../studio/designer/steps/tests.js'
import { allSteps, going, stepFor, stepsOf, type Keys, type Lane, type Step } from '../../studio/designer/workflows/workflow-tree.js'

const path = 'workflows/w.json'
const task = (title: string): JsonObject => ({ call: 'crm.task', with: { title } })
const document = (list: readonly JsonObject[]): JsonObject => ({ document: { dsl: '1.0.3', namespace: 'test', name: 'w', version: '1.0.0' }, evaluate: { language: 'cel' }, do: list })
const one: Documents = { [path]: document([{ a: task('A') }, { b: { wait: { days: 3 } } }, { c: task('C') }]) }
const branching = (): Documents => ({
  [path]: document([
    { a: task('A') },
    { byTier: { do: [
      { choose: { switch: [{ gold: going({ when: 'data.tier == "gold"' }, 'gold') }, { otherwise: going({}, 'otherwise') }] } },
      { gold: going({ do: [{ thank: task('Thank') }] }, 'exit') },
      { otherwise: going({ do: [{ call: task('Call') }] }, 'exit') },
    ] } },
    { jump: { switch: [{ back: going({ when: 'data.again == true' }, 'a') }, { on: going({}, 'each') }] } },
    { each: { for: { in: '${ data.list }' }, do: [{ inner: task('Inner') }, { both: { fork: { branches: [{ left: { do: [{ l: task('L') }] } }, { right: task('R') }] } } }] } },
    { risky: { try: [{ ask: { call: 'http', with: { method: 'get', endpoint: 'https://example.com' } } }], catch: { do: [{ sorry: task('Sorry') }] } } },
  ]),
})

test('a text is one or several by language, receivers are one or a list; what is neither is shown as it is written', () => {
  expect(inLanguages(['en', 'zh'], 'Hello')).toEqual({ en: 'Hello', zh: '' })
  expect([{ en: 'a', zh: '' }, 'a', ['a'], { en: { deep: 1 } }, null].map(isInLanguages)).toEqual([true, false, false, false, false])
  expect([['a', 1], [], 'a', [['a']], [{}]].map(isList)).toEqual([true, true, false, false, false])
})

test('what records do that it begins with becomes several and one again; what else is said of the events stays', () => {
  const filter = (verb: string, more: JsonObject = {}): JsonObject => ({ with: { type: `crm.case.${verb}` }, ...more })
  const begun = (on: JsonObject): Documents => ({ [path]: { ...document([{ a: task('A') }]), schedule: { on } } })
  const first = filter('created', { correlate: { id: { from: 'data.id' } } })
  const single = begun({ one: first })
  const several = applyAll(single, addBegin(single, path, { type: 'crm.case.changed' }))
  expect(several).toEqual(begun({ any: [first, filter('changed')] }))
  expect(workflowProblems(path, several[path] ?? {})).toEqual([])
  expect(applyAll(several, removeBegin(several, path, 1))).toEqual(single)
  expect(removeBegin(single, path, 0)).toEqual([])
  const until = begun({ any: [first, filter('changed'), filter('archived')], until: false })
  expect(applyAll(until, removeBegin(until, path, 1))).toEqual(begun({ any: [first, filter('archived')], until: false }))
})

const workflowIn = (documents: Documents): JsonObject => documents[path] ?? {}
const steps = (documents: Documents): readonly Step[] => allSteps(stepsOf(workflowIn(documents)))
const lanesOf = (documents: Documents): readonly Keys[] => [['do'], ...steps(documents).flatMap(({ lanes }) => lanes.flatMap(({ keys }: Lane) => (keys === null ? [] : [keys])))]
const offers = offersFor([{ name: 'crm.task', description: 'A task.', with: { type: 'object', required: ['title'], properties: { title: { type: 'string' } } } }], 'cel', null)

/** Every command, on steps and lists that numbers pick among those that are there. */
type Command = (documents: Documents, a: number, b: number, word: string) => StepChange | readonly Operation[]
const commands: readonly Command[] = [
  (documents, a, b) => {
    const offer = pick(offers, b)
    return insertStep(documents, path, pick(lanesOf(documents), a), b % 4, [offer.name, offer.id === 'run' || offer.id === 'call crm.task' ? task('x') : offer.task])
  },
  (documents, a) => removeStep(documents, path, pick(steps(documents), a).keys),
  (documents, a) => copyStep(documents, path, pick(steps(documents), a).keys),
  (documents, a, b) => moveStep(documents, path, pick(steps(documents), a).keys, pick(lanesOf(documents), b), (a + b) % 5),
  (documents, a, _b, word) => renameStep(documents, path, pick(steps(documents), a).keys, word),
  (documents, a) => onKind(documents, 'choice', a, (keys) => addCase(documents, path, keys, 'case', 'false')),
  (documents, a, b) => onKind(documents, 'choice', a, (keys) => removeCase(documents, path, keys, b % 3)),
  (documents, a) => onKind(documents, 'fork', a, (keys) => addBranch(documents, path, keys)),
  (documents, a, b) => onKind(documents, 'fork', a, (keys) => removeBranch(documents, path, keys, b % 3)),
]

function pick<T>(list: readonly T[], index: number): T {
  const found = list[index % list.length]
  if (found === undefined) throw new Error('nothing to pick from')
  return found
}

function onKind(documents: Documents, kind: Step['kind'], index: number, command: (keys: Keys) => readonly Operation[]): readonly Operation[] {
  const found = steps(documents).filter((step) => step.kind === kind)
  return found.length === 0 ? [] : command(pick(found, index).keys)
}

const operationsOf = (change: StepChange | readonly Operation[]): readonly Operation[] => ('operations' in change ? change.operations : change)
const acts = fc.array(fc.tuple(fc.nat(commands.length - 1), fc.nat(30), fc.nat(30), fc.string({ minLength: 1, maxLength: 6 })), { minLength: 1, maxLength: 8 })

describe('steps are changed by hand', () => {
  test('any sequence of commands keeps a valid document, and undoing all of it gives back the first one', () => {
    fc.assert(fc.property(acts, (sequence) => {
      const start = branching()
      let draft = openDraft(start)
      for (const [which, a, b, word] of sequence) {
        draft = perform(draft, operationsOf(pick(commands, which)(draft.documents, a, b, word))).draft
        expect(workflowProblems('', workflowIn(draft.documents)).map(({ message, path: at }) => `${at} ${message}`)).toEqual([])
      }
      const end = draft.documents
      while (draft.done.length > 0) draft = undo(draft).draft
      expect(draft.documents).toEqual(start)
      while (draft.undone.length > 0) draft = redo(draft).draft
      expect(draft.documents).toEqual(end)
    }), { numRuns: 60 })
  })

  test('a moved step keeps all that it is, wherever it is put', () => {
    fc.assert(fc.property(fc.nat(30), fc.nat(30), fc.nat(5), (a, b, index) => {
      const start = branching()
      const step = pick(steps(start), a)
      const { operations, keys } = moveStep(start, path, step.keys, pick(lanesOf(start), b), index)
      if (keys === null) return
      const { documents } = perform(openDraft(start), operations).draft
      const moved = steps(documents).find((one) => one.path === `/${keys.map((key) => key.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`)
      // Jumps to what does not stand beside it any more are taken out.
      expect(withoutJumps(moved?.task)).toEqual(withoutJumps(step.task))
    }), { numRuns: 100 })
  })

  test('a list that loses its last step holds a filler, which is no step, and goes with the next one', () => {
    let draft = openDraft({ [path]: document([{ only: task('A') }]) })
    draft = perform(draft, removeStep(draft.documents, path, ['do', '0', 'only']).operations).draft
    expect(steps(draft.documents).map(({ kind }) => kind)).toEqual(['nothing'])
    draft = perform(draft, insertStep(draft.documents, path, ['do'], 0, ['wait', { wait: { days: 1 } }]).operations).draft
    expect(steps(draft.documents).map(({ name }) => name)).toEqual(['wait'])
  })

  test('a translation goes along with its step, and ends with it', () => {
    const say = (documents: Documents): unknown => documents['texts/zh.json']?.[path]
    const start: Documents = { ...one, 'texts/zh.json': { [path]: { '/document/title': '流程', '/do/2/c/with/title': '丙' } } }
    const up = applyAll(start, moveStep(start, path, ['do', '2', 'c'], ['do'], 0).operations)
    expect(say(up)).toEqual({ '/document/title': '流程', '/do/0/c/with/title': '丙' })
    const named = applyAll(up, renameStep(up, path, ['do', '0', 'c'], 'd').operations)
    expect(say(named)).toEqual({ '/document/title': '流程', '/do/0/d/with/title': '丙' })
    expect(say(applyAll(named, removeStep(named, path, ['do', '0', 'd']).operations))).toEqual({ '/document/title': '流程' })
  })

  test('jumps follow a new name, and end where their target is gone', () => {
    const renamed = perform(openDraft(branching()), renameStep(branching(), path, ['do', '0', 'a'], 'first').operations).draft.documents
    expect(workflowIn(renamed)).toMatchObject({ do: [{ first: {} }, {}, { jump: { switch: [{ back: going({}, 'first') }, {}] } }, {}, {}] })
    const gone = perform(openDraft(branching()), removeStep(branching(), path, ['do', '0', 'a']).operations).draft.documents
    expect(workflowIn(gone)).toMatchObject({ do: [{}, { jump: { switch: [{ back: going({}, 'continue') }, {}] } }, {}, {}] })
  })
})

const withoutJumps = (value: JsonObject | undefined): unknown => JSON.parse(JSON.stringify(value ?? null, (key: string, part: unknown) => (key === 'then' ? undefined : part)))

describe('drawn', () => {
  test('a block that only branches has its branches side by side; a switch elsewhere leads where it says', () => {
    const drawn = stepsOf(workflowIn(branching()))
    expect(drawn.map(({ kind }) => kind)).toEqual(['call', 'choice', 'switch', 'for', 'try'])
    expect(drawn[1]?.lanes.map(({ role, when, steps: inner }) => [role, when, inner.map(({ path: at }) => at)])).toEqual([
      ['case', 'data.tier == "gold"', ['/do/1/byTier/do/1/gold/do/0/thank']],
      ['case', undefined, ['/do/1/byTier/do/2/otherwise/do/0/call']],
    ])
  })

  test('a place inside of a step that has no drawing of its own belongs to that step', () => {
    const drawn = stepsOf(workflowIn(branching()))
    expect(stepFor(drawn, '/do/1/byTier/do/0/choose/switch/0/gold/when')?.name).toBe('byTier')
    expect(stepFor(drawn, '/do/1/byTier/do/1/gold/do/0/thank/with/title')?.name).toBe('thank')
    expect(stepFor(drawn, '/nowhere')).toBeUndefined()
  })

  test('what the product does not know is drawn, and kept', () => {
    const strange: Documents = { [path]: document([{ odd: { frobnicate: 1 } }, { a: task('A') }]) }
    expect(steps(strange).map(({ kind }) => kind)).toEqual(['unknown', 'call'])
    const { documents } = perform(openDraft(strange), moveStep(strange, path, ['do', '0', 'odd'], ['do'], 2).operations).draft
    expect(workflowIn(documents)['do']).toEqual([{ a: task('A') }, { odd: { frobnicate: 1 } }])
  })

  test('nothing is done to what is not there', () => {
    expect(removeStep(one, path, ['do', '7', 'x']).operations).toEqual([])
    expect(moveStep(one, path, ['do', '0', 'a'], ['do', '0', 'a', 'do'], 0).operations).toEqual([])
    expect(insertStep(one, path, ['nowhere'], 0, ['x', task('x')]).operations).toEqual([])
  })
})

test('comparisons are read as they are written', () => {
  const at = fc.constantFrom('data', 'data.tier', 'workflow.input[0].data.record.name', 'item.id')
  const value = fc.oneof(fc.string(), fc.integer(), fc.boolean())
  const compared = fc.record({ path: at, comparison: fc.constantFrom('==' as const, '!=' as const, '>' as const, '<=' as const), value })
  const empty = fc.record({ path: at, comparison: fc.constantFrom('empty' as const, 'filled' as const), value: fc.constantFrom(0, null) })
  fc.assert(fc.property(fc.array(fc.oneof(compared, empty), { maxLength: 4 }), (tests) => {
    expect(readTests(writeTests(tests))).toEqual(tests)
  }))
  expect(readTests('size(data) > 2')).toBeNull()
  expect(readTests('a.b == "x" || c')).toBeNull()
})

test('a step may take people from fields that name one, and records from fields that lead to them', () => {
  const fields: JsonObject = { assignee: { title: 'Assignee', crm: { type: 'user' } }, by: { title: 'By', crm: { type: 'reference', to: 'user' } }, shop: { title: 'Shop', crm: { type: 'reference', to: 'store' } }, name: { title: 'Name', type: 'string' } }
  const entities = entitiesOf({ 'case/entity.json': { title: 'Case', properties: fields } }, {}, 'en')
  const workflow: JsonObject = { ...document([{ a: task('A') }]), schedule: { on: { one: { with: { type: 'crm.case.created' } } } } }
  const led = Object.fromEntries(sourcesFor(workflow, ['do', '0', 'a'], entities).map(({ title, record }) => [title, record]))
  expect(led).toMatchObject({ Assignee: 'user', By: 'user', Shop: 'store', Name: '' })
})
