/** Nothing typed is lost, and only what was changed is sent. */
import { describe, expect, test } from 'vitest'

import type { UiEntity, UiLifecycle, UiTransition } from '../../metadata/contract/ui-model.js'
import { speak } from '../../studio/client/i18n.js'
import { fromWall, gapBefore, offsetName, toWall, twinsOf } from '../../studio/client/zone.js'
import { check } from '../../studio/forms/checks.js'
import { readConflict } from '../../studio/forms/conflict/conflict.js'
import { refusalOf } from '../../studio/forms/refusals.js'
import { isRequired, newlyLacking } from '../../studio/forms/required.js'
import { changes, dirtyKeys, edit, isDirty, rebase, refuse, same, start, touch } from '../../studio/forms/form-state.js'
import { missingIn, stateOf, transitionTo, wayBack } from '../../studio/lifecycles/moving.js'
import { pace, type Job } from '../../studio/imports/import-state.js'
import { recentLooks, secondsLeft, type Look } from '../../studio/ui/time-left.js'
import { entity, field } from './support.js'

test('of the transitions of a lifecycle those are found that lead where a record is to go, what they need, and the way back', () => {
  const move = (name: string, from: string, target: string, require: readonly string[] = []): UiTransition => ({ name, title: name, from, target, require })
  const lifecycle: UiLifecycle = { field: 'state', initial: 'new', final: ['done'], transitions: [move('give', 'new', 'open', ['who']), move('take', 'new', 'open'), move('rest', 'open', 'wait'), move('wake', 'wait', 'open'), move('end', 'open', 'done', ['why']), move('again', 'done', 'open', ['why'])] }
  const of: UiEntity = { ...entity([field('state', 'select', { options: { enum: ['new', 'open', 'wait', 'done'] } })], { type: 'VerticalLayout' }), lifecycle }
  expect([{}, { state: 'gone' }, { state: 'wait' }].map((record) => stateOf(of, lifecycle, record))).toEqual(['new', 'new', 'wait'])
  expect(transitionTo(lifecycle, 'new', 'open')?.name).toBe('take')
  expect(transitionTo(lifecycle, 'wait', 'done')).toBeUndefined()
  const [give, , rest, , end] = lifecycle.transitions
  if (give === undefined || rest === undefined || end === undefined) throw new Error('no transitions')
  expect([missingIn(give, {}), missingIn(give, { who: [] }), missingIn(give, { who: 3 })]).toEqual([['who'], ['who'], []])
  expect([wayBack(lifecycle, rest, {})?.name, wayBack(lifecycle, give, { who: 3 }), wayBack(lifecycle, end, {}), wayBack(lifecycle, end, { why: 'x' })?.name]).toEqual(['wake', undefined, undefined, 'again'])
})

test('a field is required while the other values make it so; what was missing before is left alone', () => {
  const reason = field('reason', 'text', { requiredWhen: { state: 'lost', note: null } })
  const of = entity([field('state', 'text'), field('note', 'text'), reason], { type: 'VerticalLayout' })
  expect([{}, { state: 'lost' }, { state: 'lost', note: '' }, { state: 'lost', note: 'x' }].map((values) => isRequired(reason, values, false))).toEqual([false, true, true, false])
  expect([true, false].map((isNew) => isRequired({ ...reason, required: true, filled: true }, {}, isNew)), 'a rule fills it in new records').toEqual([false, true])
  expect([newlyLacking(of, { state: 'new' }, { state: 'lost' }), newlyLacking(of, { state: 'lost' }, { state: 'lost', reason: '' }), newlyLacking(of, { state: 'lost', reason: 'r' }, { state: 'lost', reason: '' })]).toEqual([['reason'], [], ['reason']])
})

test('only changed fields are sent, and taking an edit back leaves nothing to save', () => {
  const typed = edit(edit(start({ name: 'Ada', city: null, tags: ['a'] }), 'name', 'Bea'), 'tags', ['a'])
  expect(changes(typed)).toEqual({ name: 'Bea' })
  expect(isDirty(edit(typed, 'name', 'Ada'))).toBe(false)
  expect(changes(edit(typed, 'city', 'Chengdu'))).toEqual({ name: 'Bea', city: 'Chengdu' })
})

test('a newer record comes under the edits', () => {
  const typed = edit(start({ name: 'Ada', city: 'X' }), 'name', 'Bea')
  const newer = rebase(typed, { name: 'Ada', city: 'Y', added: 1 })
  expect(newer.values).toEqual({ name: 'Bea', city: 'Y', added: 1 })
  expect(dirtyKeys(newer)).toEqual(['name'])
})

test('what the engine refused stays until that field is edited', () => {
  const refused = refuse(start({ a: 1, b: 2 }), { '/a': 'taken', '/b/0/c': 'wrong' })
  expect(edit(refused, 'b', 3).refused).toEqual({ '/a': 'taken' })
  expect(touch(refused, 'a').refused).toEqual(refused.refused)
})

test('values are compared as JSON', () => {
  expect(same({ a: [1, { b: null }] }, { a: [1, {}] })).toBe(true)
  expect(same([1, 2], [2, 1])).toBe(false)
  expect(same(null, undefined)).toBe(true)
  expect(same('', null)).toBe(false)
  expect(same({ a: 1 }, [1])).toBe(false)
})

test('a conflict is only where both changed a field, and differently', () => {
  const conflict = readConflict({
    version: 7,
    mine: { name: 'M', city: 'Same', phone: 'P' },
    theirs: { name: 'T', city: 'Same', phone: 'old', tier: 'gold' },
    original: { name: 'O', city: 'old', phone: 'old', tier: 'bronze' },
  })
  expect(conflict).toEqual({ version: 7, fields: [{ key: 'name', original: 'O', mine: 'M', theirs: 'T' }], theirs: { name: 'T', city: 'Same', phone: 'old', tier: 'gold' } })
  expect(readConflict({ mine: {}, theirs: {} })).toBeNull()
})

test('checks name the place, and leave patterns to the engine', () => {
  const thing = entity([field('name', 'text'), field('lines', 'json')], { type: 'VerticalLayout' }, {
    name: { type: 'string', maxLength: 5, pattern: '^(a+)+$' },
    lines: { type: 'array', items: { type: 'object', required: ['n'], properties: { n: { type: 'integer', minimum: 2 } } } },
  })
  const long = `${'a'.repeat(40)}!`
  expect(check(thing, { name: null }, ['name'], ['name'])).toEqual({ '/name': 'Enter a value.' })
  expect(check(thing, { name: long }, ['name'], [])).toEqual({ '/name': 'Enter at most 5 characters.' })
  expect(check(thing, { name: 'abc!' }, ['name'], [])).toEqual({})
  expect(check(thing, { lines: [{ n: 1 }, {}] }, ['lines'], [])).toEqual({ '/lines/0/n': 'Enter 2 or more.', '/lines/1/n': 'Enter a value.' })
  expect(check(thing, { name: long }, [], [])).toEqual({})
})

test('wall clocks and instants agree, also where the clock changes', () => {
  expect(toWall('2017-03-09T20:30:00.000Z', 'Asia/Shanghai')).toBe('2017-03-10T04:30')
  expect(fromWall('2017-03-10T04:30', 'Asia/Shanghai')).toBe('2017-03-09T20:30:00.000Z')
  // New York: 02:30 on 12 March 2017 does not exist, 01:30 on 5 November comes twice.
  expect(toWall(fromWall('2017-03-12T02:30', 'America/New_York') ?? '', 'America/New_York')).toBe('2017-03-12T03:30')
  expect(fromWall('2017-11-05T01:30', 'America/New_York')).toBe('2017-11-05T05:30:00.000Z')
  expect(fromWall('nonsense', 'UTC')).toBeNull()
})

test('what the engine refused is said in the reader\'s language, and in its own words only where nothing else is known', async () => {
  const of: UiEntity = {
    ...entity([field('born', 'date'), field('name', 'text'), field('until', 'date'), field('phone', 'phone')], { type: 'VerticalLayout' }, { name: { type: 'string', maxLength: 5 } }),
    rules: [{ cel: 'until > born', message: '结束日期必须晚于出生日期', at: 'until' }],
  }
  const said = (path: string, code: string): string => refusalOf({ path, code, message: 'The words of the engine.' }, of)
  await speak('zh')
  expect(said('/born', 'value.refused')).toBe('请输入日历中存在的日期。')
  expect(said('/name', 'value.maxLength')).toBe('最多输入 5 个字符。')
  expect(said('/until', 'value.rule')).toBe('结束日期必须晚于出生日期')
  expect(said('/phone', 'value.pattern')).toContain('+86')
  expect(said('/name', 'unique')).toBe('此值已被占用。')
  expect(said('/name', 'value.somethingNew')).toBe('The words of the engine.')
  expect(said('/name/inner', 'value.maxLength')).toBe('The words of the engine.')
  await speak('en')
  expect(said('/name', 'value.refused')).toBe('The words of the engine.')
})

test.each([
  ['Europe/Berlin', '2026-10-25T02:30', '2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z'],
  ['America/New_York', '2026-11-01T01:15', '2026-11-01T05:15:00.000Z', '2026-11-01T06:15:00.000Z'],
  ['Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-04T14:45:00.000Z', '2026-04-04T15:15:00.000Z'],
])('A-130 in %s the clock shows %s twice: the first is meant, and the other can be chosen', (zone, wall, first, second) => {
  expect(fromWall(wall, zone)).toBe(first)
  expect([toWall(first, zone), toWall(second, zone)]).toEqual([wall, wall])
  expect(twinsOf(first, zone)).toEqual([first, second])
  expect(twinsOf(second, zone)).toEqual([first, second])
  expect(offsetName(first, zone)).not.toBe(offsetName(second, zone))
  expect(twinsOf('2026-07-01T12:00:00.000Z', zone)).toBeNull()
})

test.each([
  ['Europe/Berlin', '2026-03-29T02:30', '2026-03-29T03:30', '02:00', '03:00'],
  ['America/New_York', '2026-03-08T02:01', '2026-03-08T03:01', '02:00', '03:00'],
  ['Australia/Lord_Howe', '2026-10-04T02:10', '2026-10-04T02:40', '02:00', '02:30'],
])('A-130 in %s the clock never shows %s: it becomes %s, and the gap is told', (zone, wall, moved, from, to) => {
  const meant = fromWall(wall, zone) ?? ''
  expect(toWall(meant, zone)).toBe(moved)
  const gap = gapBefore(meant, zone)
  expect([gap?.from.slice(11), gap?.to.slice(11)]).toEqual([from, to])
  expect(gapBefore('2026-07-01T12:00:00.000Z', zone)).toBeNull()
})

test.each(['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Asia/Shanghai', 'Europe/Berlin', 'America/New_York'])('every minute shown in %s is the minute that is saved', (zone) => {
  for (let at = Date.parse('2026-03-07T00:00:00Z'); at < Date.parse('2026-11-03T00:00:00Z'); at += 5_400_000) {
    const instant = new Date(at).toISOString()
    const saved = fromWall(toWall(instant, zone), zone)
    expect(twinsOf(instant, zone) ?? [instant]).toContain(saved)
  }
})

describe('how long an import takes', () => {
  const job = (done: number): Job => ({ id: 1, state: 'running', done, total: 100_000, error: null, startedAt: new Date(0).toISOString(), endedAt: null })

  test('is not told from its first seconds', () => {
    expect(pace(job(20_000), 2_000)).toMatchObject({ rate: 10_000, secondsLeft: null })
    expect(pace(job(0), 20_000)).toBeNull()
  })

  test('follows the latest rows when they come slower than those before', () => {
    const looks = [0, 1, 2, 3, 4].reduce<readonly Look[]>((all, i) => recentLooks(all, { at: 10_000 + i * 1_000, done: 40_000 + i * 500 }), [{ at: 1_000, done: 10_000 }, { at: 9_000, done: 90_000 }])
    expect(looks).toHaveLength(6) // one that was further belongs to another job
    const told = pace(job(42_000), 14_000, looks.slice(1))
    expect(told?.secondsLeft).toBeCloseTo(58_000 / 500)
    expect(secondsLeft(looks.slice(1), 100_000)).toBeCloseTo(58_000 / 500)
    expect([secondsLeft(looks, null), secondsLeft(looks.slice(-1), 100_000), secondsLeft([], 1)]).toEqual([null, null, null])
    expect(pace(job(42_000), 14_000, [{ at: 13_999, done: 42_000 }])?.secondsLeft).toBeCloseTo(58_000 / 3_000)
    expect(pace({ ...job(42_000), state: 'done', endedAt: new Date(14_000).toISOString() }, 99_000)).toMatchObject({ rate: 3_000, secondsLeft: null })
  })
})
