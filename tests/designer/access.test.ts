/** What the pages of access say and write about roles is what the engine reads in them. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { check } from '../../engine/definitions/check.js'
import { readLayer } from '../../engine/definitions/files.js'
import { mergeLayers } from '../../engine/definitions/layers.js'
import { accessFor } from '../../engine/permissions/compile.js'
import { grantOf } from '../../engine/permissions/grant.js'
import { isObject } from '../../metadata/contract/json.js'
import { everyOther, fieldActions, fieldGrant, grantActions, grantOn, reachOf, rolesOf, ruleOf, type FieldGrant } from '../../studio/designer/access/grants.js'
import { addRole, archiveRole, removeRole, resetRole, setFieldGrant, setRows, setRule } from '../../studio/designer/commands/roles.js'
import { openDraft, perform, undo } from '../../studio/designer/draft/draft.js'
import { applyAll, type Documents } from '../../studio/designer/draft/operations.js'

const metadata = new URL('../../metadata/', import.meta.url).pathname
const retail: Documents = mergeLayers([await readLayer(`${metadata}core`, 'core'), await readLayer(`${metadata}retail`, 'retail')]).documents
const roles = rolesOf(retail, 'en').map(({ name }) => name)
const silent = { error: () => {} }
const fieldsOf = (entity: string): readonly string[] => Object.keys((retail[`${entity}/entity.json`]?.['properties'] ?? {}) as object)

describe('roles as the studio shows them', () => {
  test('a right that is shown as none, part or all is just that for the engine', () => {
    const { model } = check(retail)
    for (const role of roles) {
      const access = accessFor(model, [role], silent)
      for (const entity of model.entities.keys()) {
        const shown = Object.fromEntries(grantActions.map((action) => [action, reachOf(retail, role, entity, action) !== 'none']))
        const its = access.entity(entity)
        // What cannot be read cannot be changed either, so the engine has nothing to say about it.
        const held = { read: its !== undefined, create: (its?.create.length ?? 0) > 0, update: (its?.update.length ?? 0) > 0, archive: (its?.archive ?? false) !== false, purge: (its?.purge ?? false) !== false, export: (its?.export ?? false) !== false, history: its?.history ?? false }
        expect({ role, entity, ...shown }).toEqual({ role, entity, ...held })
      }
    }
  })
})

describe('roles as the studio writes them', () => {
  const place = fc.record({ role: fc.constantFrom(...roles), entity: fc.constantFrom('member', 'case', 'store', 'user'), action: fc.constantFrom(...fieldActions) })
  const granted = fc.constantFrom<FieldGrant>(true, false, 'masked')

  test('what is said of a field holds, nothing else changes, the engine accepts it and reads it so, and undo takes it back', () => {
    fc.assert(fc.property(place, fc.integer({ min: -1, max: 40 }), granted, (at, index, wanted) => {
      const keys = [...fieldsOf(at.entity), everyOther]
      const key = keys.at(index % keys.length) ?? everyOther
      const grant: FieldGrant = wanted === 'masked' && at.action !== 'read' ? true : wanted
      const before = applyAll(retail, setRule(retail, at, true))
      const changed = perform(openDraft(before), setFieldGrant(before, at, key, grant))
      const rule = ruleOf(grantOn(changed.draft.documents[`roles/${at.role}.json`], at.entity), at.action)
      for (const one of keys) {
        const expected = one === key ? grant : fieldGrant(ruleOf(grantOn(before[`roles/${at.role}.json`], at.entity), at.action), one)
        if (key !== everyOther || one === key) expect(fieldGrant(rule, one)).toEqual(expected)
        expect(grantOf(isObject(rule) ? (rule['fields'] as never) : undefined, one)).toEqual(fieldGrant(rule, one))
      }
      expect(undo(changed.draft).draft.documents).toEqual(before)
    }), { numRuns: 150 })
  })

  test('a change to one entity leaves what the role may do with every other one', () => {
    const at = { role: 'admin', entity: 'member', action: 'purge' } as const
    const after = applyAll(retail, setRule(retail, at, false))
    expect(reachOf(after, 'admin', 'member', 'purge')).toBe('none')
    expect(grantActions.filter((action) => action !== 'purge').map((action) => reachOf(after, 'admin', 'member', action))).toEqual(Array(6).fill('all'))
    expect(reachOf(after, 'admin', 'store', 'purge')).toBe('all')
    expect(check(after).findings).toEqual([])
  })

  test('rows are narrowed and freed again, and a whole role is put back to what its pack says', () => {
    const at = { role: 'agent', entity: 'member', action: 'read' } as const
    const narrowed = applyAll(retail, setRows(retail, at, 'where', { store: { $in: '$user.stores' } }))
    expect(check(narrowed).findings).toEqual([])
    expect(ruleOf(grantOn(narrowed['roles/agent.json'], 'member'), 'read')).toMatchObject({ where: { store: { $in: '$user.stores' } }, fields: { income: false } })
    expect(applyAll(narrowed, setRows(narrowed, at, 'where', undefined))).toEqual(retail)
    expect(applyAll(narrowed, resetRole(narrowed, 'agent', [], retail['roles/agent.json']))).toEqual(retail)
  })

  test('a new role may begin as a copy; one that is archived grants nothing and comes back; one of the draft goes without a trace', () => {
    const made = applyAll(retail, addRole(retail, { name: 'visitor', title: 'Visitor', description: '', inherits: [], like: 'clerk', titles: { zh: '访客' } }))
    expect(check(made).findings).toEqual([])
    expect(reachOf(made, 'visitor', 'member', 'update')).toBe('some')
    const archived = applyAll(made, archiveRole(made, 'visitor', true))
    expect(accessFor(check(archived).model, ['visitor'], silent).entity('member')).toBeUndefined()
    expect(reachOf(archived, 'visitor', 'member', 'read')).toBe('none')
    expect(applyAll(archived, archiveRole(archived, 'visitor', false))).toEqual(made)
    expect(applyAll(made, removeRole(made, 'visitor'))).toEqual(retail)
  })
})
