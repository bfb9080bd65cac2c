import { describe, expect, test } from 'vitest'

import { moveDocument, nameByTitle } from '../../studio/designer/commands/follow-title.js'
import { removeDocument } from '../../studio/designer/commands/remove-document.js'
import { addView, moveView, setView, viewsOf } from '../../studio/designer/commands/set-view.js'
import { openDraft, perform, undo } from '../../studio/designer/draft/draft.js'
import type { Documents } from '../../studio/designer/draft/operations.js'

const path = 'member/view.gold.json'
const documents: Documents = {
  [path]: { kind: 'board', title: 'Gold', 'x-note': 'kept', columns: ['name'], sort: 'name', filter: { tier: 'gold' }, board: { by: 'tier', limits: { gold: 4 } }, position: 2 },
  'member/view.all.json': { kind: 'list', columns: ['name'], position: 1 },
  'member/view.old.json': { kind: 'list', columns: ['name'] },
  'member/entity.json': { type: 'object' },
  'texts/zh.json': { [path]: { '/title': '金卡' } },
}
const names = (now: Documents): readonly string[] => viewsOf(now, 'member', 'zh').map(({ name }) => name)

describe('lists that are designed', () => {
  test('get what is shown, and keep all else', () => {
    const { draft } = perform(openDraft(documents), setView(documents, path, { kind: 'list', columns: ['name', 'city'], sort: '' }))
    expect(draft.documents[path]).toEqual({ kind: 'list', title: 'Gold', 'x-note': 'kept', columns: ['name', 'city'], position: 2 })
    expect(undo(draft).draft.documents).toEqual(documents)
    expect(setView(documents, path, documents[path] ?? {})).toEqual([])
    expect(setView(documents, 'member/view.none.json', { kind: 'list' })).toEqual([])
  })

  test('are offered in an order that is changed by steps', () => {
    expect([names(documents), viewsOf(documents, 'member', 'zh')[1]?.title]).toEqual([['all', 'gold', 'old'], '金卡'])
    const moved = perform(openDraft(documents), moveView(documents, 'member', 'old', -1)).draft
    expect(names(moved.documents)).toEqual(['all', 'old', 'gold'])
    expect(undo(moved).draft.documents).toEqual(documents)
    expect(moveView(documents, 'member', 'all', -1)).toEqual([])
  })

  test('come under a free name and go with their translations', () => {
    const added = perform(openDraft(documents), addView(documents, 'member', 'near', { kind: 'list', title: 'Near', columns: ['city'] })).draft
    expect(names(added.documents)).toContain('near')
    expect([addView(documents, 'member', 'gold', {}), addView(documents, 'member', 'no name', {})]).toEqual([[], []])
    const removed = perform(added, removeDocument(added.documents, path)).draft
    expect([removed.documents[path], removed.documents['texts/zh.json']]).toEqual([undefined, {}])
    expect(undo(undo(removed).draft).draft.documents).toEqual(documents)
  })

  test('are called by the API after their title until they are published, where nothing else names them', () => {
    const pathOf = (name: string): string => `member/view.${name}.json`
    const drafted: Documents = { ...documents, [pathOf('newList2')]: { kind: 'list', title: 'Gold' }, 'texts/zh.json': { ...documents['texts/zh.json'], [pathOf('newList2')]: { '/title': '新' } } }
    const by = (published: Documents, more: Documents = {}): string | null => nameByTitle({ ...drafted, ...more }, published, { name: 'newList2', fallback: 'list', pathOf, taken: names(drafted) })
    expect(by(documents)).toBe('gold2')
    expect([by(drafted), by(documents, { 'layer.json': { navigation: [{ list: 'member.newList2' }] } }), by(documents, { [pathOf('newList2')]: { title: '' } })]).toEqual([null, null, null])
    const moved = perform(openDraft(drafted), moveDocument(drafted, pathOf('newList2'), pathOf('gold2'))).draft
    expect([moved.documents[pathOf('newList2')], moved.documents[pathOf('gold2')]]).toEqual([undefined, drafted[pathOf('newList2')]])
    expect(moved.documents['texts/zh.json']).toEqual({ ...documents['texts/zh.json'], [pathOf('gold2')]: { '/title': '新' } })
    expect(undo(moved).draft.documents).toEqual(drafted)
  })
})
