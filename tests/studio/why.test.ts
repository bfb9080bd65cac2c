/** Why something cannot be changed: what nobody may comes first, then what the roles say. */
import { expect, test } from 'vitest'

import type { Explanation } from '../../studio/client/explain.js'
import { reasonsOf } from '../../studio/forms/why/why.js'

const rule = (title: string, grants: boolean, holds: boolean, where: Explanation['rules'][number]['where'] = null): Explanation['rules'][number] => ({ role: title.toLowerCase(), title, grants, holds, where })
const told = (rules: Explanation['rules'], fields: Explanation['fields'] = {}): Explanation => ({ allowed: false, user: { roles: [] }, rules, fields, automatic: ['createdAt'] })
const keys = (explanation: Explanation, field: string | null): readonly string[] => reasonsOf(explanation, field).map(({ key }) => key)

test('the most telling reason is given', () => {
  expect(keys(told([rule('Clerk', true, true)]), 'createdAt')).toEqual(['why.automatic'])
  expect(keys(told([]), null)).toEqual(['why.noRole'])
  expect(reasonsOf(told([rule('Clerk', false, false), rule('Guest', false, false)]), null)).toEqual([{ key: 'why.noGrant', params: { roles: 'Clerk, Guest' } }])
  expect(reasonsOf(told([rule('Clerk', true, false, { store: 1 }), rule('Guest', true, false)]), 'name')).toEqual([
    { key: 'why.otherRows', params: { role: 'Clerk' }, where: { store: 1 } },
    { key: 'why.otherRows', params: { role: 'Guest' } },
  ])
  expect(reasonsOf(told([rule('Clerk', true, true), rule('Guest', false, false)], { income: 'not settable' }), 'income')).toEqual([{ key: 'why.notField', params: { roles: 'Clerk' } }])
  expect(keys(told([rule('Clerk', true, true)], { name: 'settable' }), 'name')).toEqual(['why.form'])
})

test('of a transition first what is its own', () => {
  const asked = (transition: Partial<NonNullable<Explanation['transition']>>): Explanation => ({ ...told([rule('Clerk', true, true)]), transition: { leadsAway: true, roles: null, holdsRole: true, guard: { holds: true, where: null, message: null }, ...transition } })
  expect(keys(asked({ leadsAway: false, holdsRole: false }), null)).toEqual(['why.elsewhere'])
  expect(reasonsOf(asked({ roles: ['agent', 'boss'], holdsRole: false }), null)).toEqual([{ key: 'why.otherRole', params: { roles: 'agent, boss' } }])
  expect(reasonsOf(asked({ guard: { holds: false, where: { a: 1 }, message: null } }), null)).toEqual([{ key: 'why.guard', params: {}, where: { a: 1 } }])
})
