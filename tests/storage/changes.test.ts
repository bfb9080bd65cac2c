/** Whoever follows the changes hears of each exactly once, as soon as it is committed, in whatever order units end. */
import { afterEach, describe, expect, test } from 'vitest'
import * as changes from '../../engine/storage/changes.js'
import type { Executor } from '../../engine/storage/contract.js'
import { databaseKinds } from '../support/databases.js'
import { entityOf, openStore, stamp, type Store } from './store.js'

const open: Store[] = []
afterEach(async () => {
  for (const store of open.splice(0)) await store.close()
})

describe.each(databaseKinds)('%s', (kind) => {
  const opened = async (): Promise<Store> => {
    const store = await openStore(kind, { 'person/entity.json': entityOf({ name: { type: 'string' } }) })
    open.push(store)
    return store
  }
  const note = (store: Store, tx: Executor, id: number): Promise<void> =>
    changes.append(tx, [{ entity: store.entity('person'), record: { id, version: 1 }, action: 'updated', by: null, at: stamp.at, changes: {} }])

  test('many changes are read in pieces, each once', async () => {
    const store = await opened()
    let position = await changes.latestPosition(store.db.read)
    for (const id of [1, 2, 3, 4, 5]) await store.db.write((tx) => note(store, tx, id))
    const heard: number[] = []
    for (const expected of [2, 2, 1, 0]) {
      const next = await changes.since(store.db.read, position, 2)
      expect(next.changes).toHaveLength(expected)
      heard.push(...next.changes.map(({ recordId }) => recordId))
      position = next.position
    }
    expect(heard).toEqual([1, 2, 3, 4, 5])
    await store.db.write((tx) => note(store, tx, 6))
    expect((await changes.since(store.db.read, position, 2)).changes.map(({ recordId }) => recordId)).toEqual([6])
  })

  test('a unit that takes long holds nobody up, and is heard when it ends', async () => {
    const store = await opened()
    const start = await changes.latestPosition(store.db.read)
    let finish = (): void => undefined
    const waiting = new Promise<void>((resolve) => (finish = resolve))
    let begun = (): void => undefined
    const started = new Promise<void>((resolve) => (begun = resolve))
    const slow = store.db.write(async (tx) => {
      await note(store, tx, 1)
      begun()
      await waiting
    })
    await started
    // SQLite has one writer: there the second unit comes after the first anyway.
    const quick = store.db.write((tx) => note(store, tx, 2))
    if (kind === 'postgres') await quick
    const first = await changes.since(store.db.read, start, 10)
    expect(first.changes.map(({ recordId }) => recordId)).toEqual(kind === 'postgres' ? [2] : [])
    finish()
    await Promise.all([slow, quick])
    const second = await changes.since(store.db.read, first.position, 10)
    expect([...first.changes, ...second.changes].map(({ recordId }) => recordId).toSorted((a, b) => a - b)).toEqual([1, 2])
    expect((await changes.since(store.db.read, second.position, 10)).changes).toEqual([])
  })

  test('of units that come together each change of those that succeed is told, in their order, and none of those that fail', async () => {
    const store = await opened()
    const start = await changes.latestPosition(store.db.read)
    const unit = (id: number): Promise<void> => store.db.write(async (tx) => {
      await note(store, tx, id)
      if (id % 3 === 0) throw new Error('given up')
      await note(store, tx, id + 100)
    })
    const ended = await Promise.allSettled(Array.from({ length: 9 }, (_, i) => unit(i + 1)))
    expect(ended.map(({ status }) => status === 'fulfilled')).toEqual([true, true, false, true, true, false, true, true, false])
    const heard = (await changes.since(store.db.read, start, 100)).changes.map(({ recordId }) => recordId)
    expect(heard.toSorted((a, b) => a - b)).toEqual([1, 2, 4, 5, 7, 8, 101, 102, 104, 105, 107, 108])
    if (kind === 'sqlite') expect(heard).toEqual([1, 101, 2, 102, 4, 104, 5, 105, 7, 107, 8, 108])
  })
})
