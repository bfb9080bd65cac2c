/** Nothing typed is lost, and only what was changed is sent. */
import { expect, test } from 'vitest'

import type { UiEntity } from '../../metadata/contract/ui-model.js'
import { speak } from '../../studio/client/i18n.js'
import { fromWall, toWall } from '../../studio/client/zone.js'
import { check } from '../../studio/forms/checks.js'
import { readConflict } from '../../studio/forms/conflict.js'
import { refusalOf } from '../../studio/forms/refusals.js'
import { changes, dirtyKeys, edit, isDirty, rebase, refuse, same, start, touch } from '../../studio/forms/form-state.js'
import { entity, field } from './support.js'

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
