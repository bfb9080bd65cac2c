import fc from 'fast-check'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'

import { check } from '../../engine/definitions/check.js'
import { readLayer } from '../../engine/definitions/files.js'
import { mergeLayers } from '../../engine/definitions/layers.js'
import { describe as describeModel } from '../../engine/forms/describe.js'
import { accessFor } from '../../engine/permissions/compile.js'
import type { UiDashboard, UiModel } from '../../metadata/contract/ui-model.js'
import { addDashboard, addTile, dashboardsOf, moveTile, removeDashboard, removePageFilter, removeTile, setTile, setWidth, tilesOf } from '../../studio/designer/commands/dashboards.js'
import { changeGroup, changeNavigation, moveGroup, putEntity, readNavigation, stepEntity } from '../../studio/designer/commands/navigation.js'
import { openDraft, perform, undo } from '../../studio/designer/draft/draft.js'
import { applyAll, type Documents, type Operation } from '../../studio/designer/draft/operations.js'
import { newTile, shownDashboard, tileKinds } from '../../studio/designer/screens/dashboard-shape.js'

const path = 'dashboards/sales.json'
let retail: Documents
let model: UiModel

beforeAll(async () => {
  const folder = join(import.meta.dirname, '../../metadata')
  retail = mergeLayers([await readLayer(join(folder, 'core'), 'core'), await readLayer(join(folder, 'retail'), 'retail')]).documents
  model = describedFor(retail)
})

function describedFor(documents: Documents): UiModel {
  const { model: compiled } = check(documents)
  return describeModel(compiled, accessFor(compiled, ['admin'], { error: () => {} }), { id: 1, roles: ['admin', 'clerk'], locale: 'en', attributes: new Map() } as unknown as Parameters<typeof describeModel>[2], 'en')
}

/** Does a command, holds that undo takes it back, and gives the documents after it. */
function done(documents: Documents, operations: readonly Operation[]): Documents {
  const { draft } = perform(openDraft(documents), operations)
  if (operations.length > 0) expect(undo(draft).draft.documents).toEqual(documents)
  return draft.documents
}

describe('dashboards that are designed', () => {
  test('are shown as the engine shows them', () => {
    for (const { name } of dashboardsOf(retail, 'en')) expect(JSON.parse(JSON.stringify(shownDashboard(retail, name, model, 'en')))).toEqual(JSON.parse(JSON.stringify(model.dashboards.find((one): one is UiDashboard => one.name === name))))
  })

  test.each(tileKinds)('a new tile of the kind %s is accepted by the engine, over records with and without figures', (kind) => {
    for (const entity of Object.values(model.entities).filter(({ name }) => ['member', 'purchase', 'note'].includes(name))) {
      const now = done(retail, addTile(retail, 'sales', 'fresh', newTile(kind, 'Fresh', entity, 'createdAt:month', ['All', 'Next'])))
      expect([entity.name, check(now).findings]).toEqual([entity.name, []])
      expect(tilesOf(now[path]).at(-1)).toBe('fresh')
    }
  })

  test('any sequence of commands leaves what the engine accepts', () => {
    const step = fc.record({ kind: fc.nat(5), a: fc.nat(20), b: fc.integer({ min: -2, max: 20 }) })
    fc.assert(fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      const after = steps.reduce((now, { kind, a, b }) => {
        const tiles = tilesOf(now[path])
        const tile = tiles[a % tiles.length] ?? ''
        const commands = [() => moveTile(now, 'sales', tile, b), () => setWidth(now, 'sales', tile, b), () => removeTile(now, 'sales', tile), () => setTile(now, 'sales', tile, ['filter'], undefined), () => removePageFilter(now, 'sales', 'store'), () => addTile(now, 'sales', `extra${String(a)}`, { kind: 'number', title: 'Extra', entity: 'member' })]
        const operations = commands[kind]?.() ?? []
        const next = done(now, operations)
        if (kind === 0) expect(tilesOf(next[path]).indexOf(tile)).toBe(Math.min(Math.max(b, 0), tiles.length - 1))
        return next
      }, retail)
      expect(check(after).findings).toEqual([])
    }), { numRuns: 8 })
  })

  test('come under a free name, and go with their translations', () => {
    const [member] = Object.values(model.entities)
    const tile = { kind: 'number', title: 'All', entity: member?.name ?? '' }
    const added = done(retail, addDashboard(retail, 'mine', 'Mine', tile))
    expect(check(added).findings).toEqual([])
    expect(addDashboard(retail, 'sales', 'Sales', tile)).toEqual([])
    const gone = done(retail, removeDashboard(retail, 'sales'))
    expect([gone[path], JSON.stringify(gone['texts/zh.json']).includes(path)]).toEqual([undefined, false])
  })
})

describe('the side bar that is designed', () => {
  const titles = (documents: Documents): readonly (string | undefined)[] => readNavigation(documents).map((group) => group.titles['zh'])

  test('keeps the titles in other languages with their groups, whatever is moved', () => {
    const before = titles(retail)
    const moved = done(retail, changeNavigation(retail, (groups) => moveGroup(groups, 0, 2)))
    expect(titles(moved)).toEqual([before[1], before[2], before[0], ...before.slice(3)])
    const shorter = done(moved, changeNavigation(moved, (groups) => groups.toSpliced(0, 1)))
    expect(titles(shorter)).toEqual([before[2], before[0], ...before.slice(3)])
    expect(check(shorter).findings).toEqual([])
    expect(changeNavigation(retail, (groups) => groups)).toEqual([])
  })

  test('an entity goes into the next group at the edge of its own, and stands in a group once', () => {
    const groups = readNavigation(retail)
    const [first, second] = groups
    const name = first?.entities.at(-1) ?? ''
    const next = stepEntity(groups, name, { group: 0, index: (first?.entities.length ?? 1) - 1 }, 1)
    expect([next[0]?.entities.includes(name), next[1]?.entities]).toEqual([false, [name, ...(second?.entities ?? [])]])
    expect(putEntity(groups, name, null, { group: 0, index: 0 })).toBe(groups)
    expect(stepEntity(groups, groups[0]?.entities[0] ?? '', { group: 0, index: 0 }, -1)).toBe(groups)
  })

  test('is given to some roles', () => {
    const now = done(retail, changeNavigation(retail, (groups) => changeGroup(groups, 0, { roles: ['clerk'], titles: { zh: '柜台' } })))
    expect(check(now).model.navigation[0]).toMatchObject({ roles: ['clerk'] })
    expect(titles(now)[0]).toBe('柜台')
    expect(applyAll(now, [])).toBe(now)
  })
})
