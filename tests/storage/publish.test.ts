/** Publishing changes tables without losing a value, both ways, on both databases. */
import { afterEach, describe, expect, test } from 'vitest'
import type { JsonObject } from '../../metadata/contract/json.js'
import type { PlanStep } from '../../metadata/contract/plan.js'
import { compile } from '../../engine/model/compile.js'
import type { Documents } from '../../engine/model/model.js'
import * as records from '../../engine/storage/records.js'
import { measureImpact } from '../../engine/storage/tables/impact.js'
import { plan } from '../../engine/storage/tables/plan.js'
import { databaseKinds } from '../support/databases.js'
import { processorTime } from '../support/processor.js'
import { entityOf, must, nobody, openStore, pick, reference, stamp, type Store } from './store.js'
import { everything } from '../../engine/model/conditions/predicate.js'

const open: Store[] = []
const opened = async (...given: Parameters<typeof openStore>): Promise<Store> => {
  const store = await openStore(...given)
  open.push(store)
  return store
}
afterEach(async () => {
  for (const store of open.splice(0)) await store.close()
})

const text = { type: 'string', maxLength: 100 }
const person = (properties: Documents[string], more: Documents[string] = {}): Documents => ({ 'person/entity.json': entityOf(properties, more) })

describe.each(databaseKinds)('%s', (kind) => {
  test('a new field is there, empty, and takes values', async () => {
    const store = await opened(kind, person({ name: text }))
    await store.insert('person', [{ name: 'Ada' }])
    const steps = await store.publish(person({ name: text, age: { type: 'integer' } }))
    expect(steps).toEqual([{ key: 'addField:person.age', action: 'addField', entity: 'person', field: 'age', to: 'integer', safety: 'safe' }])
    await store.insert('person', [{ name: 'Bo', age: 7 }])
    expect(pick(await store.all('person'), 'age')).toEqual([null, 7])
  })

  test('A-138 the same definitions again are an empty plan', async () => {
    const documents = { ...person({ name: { ...text, crm: { search: true, unique: true } }, boss: reference('person', 'clear') }), 'team/entity.json': entityOf({ lead: reference('person') }) }
    const store = await opened(kind, documents)
    expect(await store.publish(structuredClone(documents))).toEqual([])
  })

  test('renaming keeps every value and touches no column', async () => {
    const store = await opened(kind, person({ name: text }))
    await store.insert('person', [{ name: 'Ada' }, { name: 'Bo' }])
    const columns = must(store.entity('person').fields.get('name')).columns
    const steps = await store.publish(person({ title: { ...text, crm: { id: 'name' } } }))
    expect(steps).toMatchObject([{ action: 'renameField', from: 'name', to: 'title', safety: 'safe' }])
    expect(must(store.entity('person').fields.get('title')).columns).toEqual(columns)
    expect(pick(await store.all('person'), 'title')).toEqual(['Ada', 'Bo'])
  })

  test('archiving keeps the values, restoring shows them again', async () => {
    const full = person({ name: text, nick: text })
    const store = await opened(kind, full)
    await store.insert('person', [{ name: 'Ada', nick: 'A' }])
    expect(await store.publish(person({ name: text, nick: { ...text, crm: { archived: true } } }))).toMatchObject([{ action: 'archiveField', field: 'nick', safety: 'safe' }])
    expect(Object.keys(must((await store.all('person'))[0]))).not.toContain('nick')
    expect(await store.publish(full)).toMatchObject([{ action: 'restoreField', field: 'nick' }])
    expect(pick(await store.all('person'), 'nick')).toEqual(['A'])
  })

  test('A-138 a field or an entity that was taken out comes back with its values', async () => {
    const full = { ...person({ name: text, nick: text }), 'team/entity.json': entityOf({ name: text }) }
    const store = await opened(kind, full)
    await store.insert('person', [{ name: 'Ada', nick: 'A' }])
    await store.insert('team', [{ name: 'Blue' }])
    await store.publish(person({ name: text }))
    await store.insert('person', [{ name: 'Bo' }])
    await store.publish(full)
    expect(pick(await store.all('person'), 'nick')).toEqual(['A', null])
    expect(pick(await store.all('team'), 'name')).toEqual(['Blue'])
  })

  test.runIf(kind === 'postgres')('the index of titles goes with the field that names a record', async () => {
    const searched = { ...text, crm: { search: true } }
    const named = (display: string): Documents => person({ name: searched, nick: searched }, { crm: { display } })
    const store = await opened(kind, named('name'))
    const titles = async (): Promise<readonly string[]> => (await store.db.read.all("SELECT indexdef FROM pg_indexes WHERE indexname ~ '^person_.*_ti$'", [])).map(({ indexdef }) => String(indexdef))
    expect(await titles()).toEqual([expect.stringContaining('(name__fold)')])
    await store.publish(named('nick'))
    expect(await titles()).toEqual([expect.stringContaining('(nick__fold)')])
    await store.publish(person({ name: searched, nick: { ...searched, maxLength: 4000 } }, { crm: { display: 'nick' } }))
    expect(await titles(), 'too long for an index').toEqual([])
  })

  test('A-142 a retype shows what would not convert, keeps the rest, and going back restores what was there', async () => {
    const asText = person({ size: { ...text, crm: { index: true, search: true } } })
    const store = await opened(kind, asText)
    await store.insert('person', [{ size: '12' }, { size: '007' }, { size: 'large' }, { size: null }, { size: '9' }])
    const steps = await store.publish(person({ size: { type: 'integer', crm: { index: true } } }))
    expect(must(steps.find(({ action }) => action === 'convertField'))).toEqual({
      key: 'convertField:person.size', action: 'convertField', entity: 'person', field: 'size', from: 'text', to: 'integer',
      safety: 'lossy', rows: 4, failing: { count: 1, samples: [{ id: 3, value: 'large' }] },
    })
    expect(pick(await store.all('person'), 'size')).toEqual([12, 7, null, null, 9])
    // One is changed while it is a number, one is emptied: those changes stay.
    await store.db.write(async (tx) => {
      await records.update(tx, store.entity('person'), 1, { size: 13 }, stamp, null)
      await records.update(tx, store.entity('person'), 5, { size: null }, stamp, null)
    })
    await store.publish(asText)
    expect(pick(await store.all('person'), 'size')).toEqual(['13', '007', 'large', null, null])
    const found = await records.list(store.db.read, { entity: store.entity('person'), rows: { kind: 'search', terms: ['large'], fields: [{ field: must(store.entity('person').fields.get('size')) }], phrase: 'large', title: null }, archived: 'without', selection: { fields: [{ field: must(store.entity('person').fields.get('id')), masked: false }], toOne: [], toMany: [] }, sort: [], limit: 5 }, nobody)
    expect(found.records).toEqual([{ id: 3 }])
  })

  test('values that a widened type accepted come back after a detour over another type', async () => {
    const store = await opened(kind, person({ contact: { type: 'string', format: 'email' } }))
    await store.insert('person', [{ contact: 'ada@example.com' }])
    const steps = await store.publish(person({ contact: { type: 'string', maxLength: 255 } }))
    expect(steps).toMatchObject([{ action: 'convertField', safety: 'safe' }])
    await store.insert('person', [{ contact: 'the shop' }])
    await store.publish(person({ contact: { type: 'integer' } }))
    await store.publish(person({ contact: { type: 'string', maxLength: 255 } }))
    expect(pick(await store.all('person'), 'contact')).toEqual(['ada@example.com', 'the shop'])
  })

  test('A-142 requiring, narrowing and making unique count the records in the way and change none', async () => {
    const store = await opened(kind, person({ name: text, code: text }))
    await store.insert('person', [{ name: 'a long name', code: 'x' }, { name: null, code: 'x' }, { name: 'short', code: 'y' }])
    const narrow = person({ name: { type: 'string', maxLength: 6 }, code: { ...text } }, { required: ['name'] })
    const steps = await store.publish(narrow)
    expect(must(steps.find(({ action }) => action === 'requireField'))).toMatchObject({ safety: 'safe', failing: { count: 1, samples: [{ id: 2, value: null }] } })
    expect(must(steps.find(({ action }) => action === 'narrowField'))).toMatchObject({ safety: 'lossy', failing: { count: 1, samples: [{ id: 1, value: 'a long name' }] } })
    expect(pick(await store.all('person'), 'name')).toEqual(['a long name', null, 'short'])
    const unique = person({ name: { type: 'string', maxLength: 6 }, code: { ...text, crm: { unique: true } } }, { required: ['name'] })
    const measured = await measureImpact(store.db, store.model, compile(unique, 3, store.model), plan(store.model, compile(unique, 3, store.model)))
    expect(must(measured.find(({ action }) => action === 'addIndex'))).toMatchObject({ key: 'addIndex:person.code', safety: 'blocked', failing: { count: 2, samples: [{ id: 1, value: 'x' }] } })
    await expect(store.publish(unique)).rejects.toMatchObject({ code: 'definitions.invalid', problems: [{ path: 'person/entity.json#/properties/code', code: 'data.duplicates' }] })
    await store.db.write((tx) => records.setArchived(tx, store.entity('person'), 2, true, stamp))
    expect(must((await store.publish(unique)).find(({ action }) => action === 'addIndex'))).toMatchObject({ safety: 'safe' })
  })

  test('a value that is asked for from now on is counted where it lacks: where a condition holds, in a new field, under a new name', async () => {
    const store = await opened(kind, person({ name: text, code: text }))
    await store.insert('person', [{ name: null, code: 'x' }, { name: null, code: 'y' }, { name: 'Ada', code: 'x' }])
    const asking = (when: JsonObject): JsonObject => ({ ...text, crm: { requiredWhen: when } })
    const required = (steps: readonly PlanStep[]): readonly PlanStep[] => steps.filter(({ action }) => action === 'requireField')
    const conditional = await store.publish(person({ name: asking({ code: 'x' }), code: text }))
    expect(required(conditional)).toEqual([{ key: 'requireField:person.name', action: 'requireField', entity: 'person', field: 'name', safety: 'safe', rows: 3, failing: { count: 1, samples: [{ id: 1, value: null }], filter: { code: 'x', name: null } } }])
    const renamed = await store.publish(person({ name: asking({ label: { $in: ['x', 'y'] } }), label: { ...text, crm: { id: 'code' } } }))
    expect(required(renamed)[0]?.failing).toEqual({ count: 2, samples: [{ id: 1, value: null }, { id: 2, value: null }] }) // under this name nothing can be asked yet
    const added = await store.publish(person({ name: asking({ kind: 'b' }), label: { ...text, crm: { id: 'code' } }, kind: text, phone: text }, { required: ['phone'] }))
    expect(required(added)).toMatchObject([{ field: 'phone', safety: 'safe', failing: { count: 3, filter: {} } }, { field: 'name', safety: 'safe', rows: 3 }].toSorted((a, b) => a.field.localeCompare(b.field)))
    expect(required(added)[0]).not.toHaveProperty('failing')
    expect(required(await store.publish(person({ name: asking({ kind: 'b' }), label: { ...text, crm: { id: 'code' } }, kind: text, phone: { ...text, maxLength: 200 } }, { required: ['phone'] })))).toEqual([])
    expect(pick(await store.all('person'), 'name')).toEqual([null, null, 'Ada'])
  })

  test('several indexes of one field come and go as one step each', async () => {
    const indexed = person({ name: { ...text, crm: { index: true, unique: true } } })
    const store = await opened(kind, person({ name: text }))
    const keys = (steps: readonly PlanStep[]): readonly string[] => steps.map(({ key }) => key)
    expect(keys(await store.publish(indexed))).toEqual(['addIndex:person.name'])
    expect(store.entity('person').indexes.length).toBeGreaterThan(1)
    expect(keys(await store.publish(person({ name: text })))).toEqual(['dropIndex:person.name'])
  })

  test('widening needs no consent and no look at the data', async () => {
    const store = await opened(kind, person({ name: { type: 'string', maxLength: 5, minLength: 2 }, kind: { enum: ['a'] } }))
    expect(await store.publish(person({ name: { type: 'string', maxLength: 50 }, kind: { enum: ['b', 'a'] } }))).toEqual([])
  })

  test('text becomes a reference where the record exists', async () => {
    const store = await opened(kind, { ...person({ boss: text }), 'team/entity.json': entityOf({ name: text }) })
    await store.insert('team', [{ name: 'Blue' }, { name: 'Red' }])
    await store.insert('person', [{ boss: '2' }, { boss: '99' }, { boss: 'Blue' }])
    const steps = await store.publish({ ...person({ boss: reference('team') }), 'team/entity.json': entityOf({ name: text }) })
    expect(must(steps.find(({ action }) => action === 'convertField')).failing).toEqual({ count: 2, samples: [{ id: 2, value: '99' }, { id: 3, value: 'Blue' }] })
    expect(pick(await store.all('person'), 'boss')).toEqual([2, null, null])
    await expect(store.db.write((tx) => records.purge(tx, store.entity('team'), [2]))).rejects.toMatchObject({ code: 'record.inUse' })
  })

  test('a reference that becomes text no longer holds its target, and a reference to another entity starts empty', async () => {
    const teams = { 'team/entity.json': entityOf({ name: text }), 'club/entity.json': entityOf({ name: text }) }
    const store = await opened(kind, { ...person({ team: reference('team'), also: reference('team') }), ...teams })
    await store.insert('team', [{ name: 'Blue' }])
    await store.insert('club', [{ name: 'Chess' }])
    await store.insert('person', [{ team: 1, also: 1 }])
    const steps = await store.publish({ ...person({ team: text, also: reference('club') }), ...teams })
    expect(must(steps.find(({ action }) => action === 'relinkField'))).toMatchObject({ from: 'team', to: 'club', safety: 'lossy', failing: { count: 1 } })
    expect(await store.all('person')).toMatchObject([{ team: '1', also: null }])
    expect(await store.db.write((tx) => records.purge(tx, store.entity('team'), [1]))).toBe(1)
  })

  test('what happens when the target is erased follows the definition at once', async () => {
    const store = await opened(kind, { ...person({ team: reference('team', 'restrict') }), 'team/entity.json': entityOf({ name: text }) })
    await store.insert('team', [{ name: 'Blue' }, { name: 'Red' }])
    await store.insert('person', [{ team: 1 }, { team: 2 }])
    await store.publish({ ...person({ team: reference('team', 'clear') }), 'team/entity.json': entityOf({ name: text }) })
    await store.db.write((tx) => records.purge(tx, store.entity('team'), [1]))
    expect(pick(await store.all('person'), 'team')).toEqual([null, 2])
    await store.publish({ ...person({ team: reference('team', 'cascade') }), 'team/entity.json': entityOf({ name: text }) })
    await store.db.write((tx) => records.purge(tx, store.entity('team'), [2]))
    expect(await store.all('person')).toHaveLength(1)
  })

  test('A-136 changing a parent with 10,000 children leaves every child as it was', async () => {
    const child = { 'child/entity.json': entityOf({ parent: reference('parent', 'cascade'), n: { type: 'integer' } }) }
    const parent = (properties: Documents[string]): Documents => ({ ...child, 'parent/entity.json': entityOf(properties), 'root/entity.json': entityOf({ name: text }) })
    const store = await opened(kind, parent({ name: text, size: text, root: reference('root', 'cascade') }))
    await store.insert('root', [{ name: 'r' }])
    await store.insert('parent', Array.from({ length: 100 }, (_, i) => ({ name: `p${String(i)}`, size: String(i), root: 1 })))
    await store.insert('child', Array.from({ length: 10_000 }, (_, i) => ({ parent: (i % 100) + 1, n: i })))
    const before = JSON.stringify(await store.all('child'))
    await store.publish(parent({ title: { ...text, crm: { id: 'name' } }, size: { type: 'integer' }, root: reference('root', 'restrict') }))
    await store.publish(parent({ size: { type: 'integer' }, root: { type: 'integer' } }))
    expect(JSON.stringify(await store.all('child'))).toBe(before)
    expect(await store.all('parent')).toMatchObject(Array.from({ length: 100 }, (_, i) => ({ id: i + 1, size: i, root: 1 })))
    if (kind === 'sqlite') expect(await store.db.read.all('PRAGMA foreign_key_check', [])).toEqual([])
    // The children's own foreign key still leads to the table that was made anew.
    await store.db.write((tx) => records.purge(tx, store.entity('parent'), [1]))
    expect(await store.all('child')).toHaveLength(9_900)
    const [made] = await store.insert('parent', [{ size: 1 }])
    expect(made).toMatchObject({ id: 101 })
  })

  test('A-139 of two publishes from the same version one is refused and changes nothing', async () => {
    const store = await opened(kind, person({ name: text }))
    const stale = store.model
    await store.publish(person({ name: text, one: text }))
    const { publish } = await import('./store.js')
    await expect(publish(store.db, stale, person({ name: text, two: text }))).rejects.toMatchObject({ code: 'definitions.stale', extra: { base: 1, version: 2 } })
    expect(await store.db.read.all("SELECT column_name FROM tessera_column WHERE column_name LIKE 'two%'", [])).toEqual([])
    expect(await records.count(store.db.read, { entity: store.entity('person'), rows: everything, archived: 'with' }, 10, nobody)).toBe(0)
  })

  test('a field is added to 100,000 records without touching them', async () => {
    const store = await opened(kind, person({ name: text }))
    const table = '"person"'
    const numbers = kind === 'sqlite' ? "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT 1, 0, 0, 'x' FROM n" : "SELECT 1, now(), now(), 'x' FROM generate_series(1, 100000)"
    await store.db.write((tx) => tx.run(`INSERT INTO ${table} (version, created_at, updated_at, "name") ${numbers}`, []))
    // Where the table begins in its database: a copy begins elsewhere.
    const place = (): Promise<unknown> => store.db.read.all(kind === 'sqlite' ? "SELECT rootpage FROM sqlite_master WHERE name = 'person'" : `SELECT pg_relation_filenode('${table}') AS rootpage`, [])
    const [before, spent] = [await place(), processorTime()]
    await store.publish(person({ name: text, age: { type: 'integer' }, city: text }))
    expect(await place()).toEqual(before)
    // On SQLite rows are written by this process: to touch each takes many times as long.
    expect(spent()).toBeLessThan(200)
  })

  const list = (to: string, onDelete = 'clear', more: Documents[string] = {}): Documents[string] => ({ crm: { type: 'references', to, onDelete, ...more } })
  const teams = { 'team/entity.json': entityOf({ name: text }), 'club/entity.json': entityOf({ name: text }) }

  test('a list of records is made, renamed, archived, brought back, and keeps its links', async () => {
    const store = await opened(kind, { ...person({ name: text }), ...teams })
    const [red, blue] = (await store.insert('team', [{ name: 'Red' }, { name: 'Blue' }])).map(({ id }) => Number(id))
    expect(await store.publish({ ...person({ name: text, teams: list('team') }), ...teams })).toMatchObject([{ action: 'addField', field: 'teams', to: 'references', safety: 'safe' }])
    await store.insert('person', [{ name: 'Ada', teams: [must(red), must(blue)] }, { name: 'Bo' }])
    expect(await store.publish({ ...person({ name: text, clubs: list('team', 'clear', { id: 'teams' }) }), ...teams })).toMatchObject([{ action: 'renameField', safety: 'safe' }])
    expect(pick(await store.all('person'), 'clubs')).toEqual([[red, blue], []])
    expect(await store.publish({ ...person({ name: text, clubs: list('team', 'clear', { id: 'teams', archived: true }) }), ...teams })).toMatchObject([{ action: 'archiveField', safety: 'safe' }])
    expect(await store.publish({ ...person({ name: text, clubs: list('team', 'clear', { id: 'teams' }) }), ...teams })).toMatchObject([{ action: 'restoreField' }])
    expect(pick(await store.all('person'), 'clubs')).toEqual([[red, blue], []])
  })

  test('a list that forbids erasing does so after its rule changed, and lets go again', async () => {
    const store = await opened(kind, { ...person({ teams: list('team', 'clear') }), ...teams })
    const [red] = await store.insert('team', [{ name: 'Red' }])
    await store.insert('person', [{ teams: [Number(must(red)['id'])] }])
    const erase = (): Promise<number> => store.db.write((tx) => records.purge(tx, store.entity('team'), [Number(must(red)['id'])]))
    expect(await store.publish({ ...person({ teams: list('team', 'restrict') }), ...teams })).toMatchObject([{ action: 'relinkField', from: 'clear', to: 'restrict' }])
    await expect(erase()).rejects.toMatchObject({ code: 'record.inUse' })
    await store.publish({ ...person({ teams: list('team', 'clear') }), ...teams })
    expect(await erase()).toBe(1)
    expect(pick(await store.all('person'), 'teams')).toEqual([[]])
  })

  test('one link becomes a list and a list of one becomes a link again; what does not fit is told before', async () => {
    const store = await opened(kind, { ...person({ team: reference('team') }), ...teams })
    const [red, blue] = (await store.insert('team', [{ name: 'Red' }, { name: 'Blue' }])).map(({ id }) => Number(id))
    await store.insert('person', [{ team: must(red) }, { team: null }])
    expect(await store.publish({ ...person({ team: list('team') }), ...teams })).toMatchObject([{ action: 'convertField', from: 'reference', to: 'references', safety: 'slow', rows: 1 }, { action: 'dropIndex' }])
    expect(pick(await store.all('person'), 'team')).toEqual([[red], []])
    await store.insert('person', [{ team: [must(red), must(blue)] }])
    expect(await store.publish({ ...person({ team: reference('team') }), ...teams })).toMatchObject([{ action: 'convertField', safety: 'lossy', failing: { count: 1, samples: [{ id: 3, value: [red, blue] }] } }, { action: 'addIndex' }])
    expect(pick(await store.all('person'), 'team')).toEqual([red, null, null])
    // Going back finds what was listed when the list was given up.
    await store.publish({ ...person({ team: list('team') }), ...teams })
    expect(pick(await store.all('person'), 'team')).toEqual([[red], [], [red, blue]])
  })

  test('ids that were typed become a list of records; those of none are told before', async () => {
    const store = await opened(kind, { ...person({ team: { type: 'array', items: { type: 'integer' } } }), ...teams })
    const [red = 0, blue = 0] = (await store.insert('team', [{ name: 'Red' }, { name: 'Blue' }])).map(({ id }) => Number(id))
    await store.insert('person', [{ team: [blue, red] }, { team: [red, 77] }, { team: [] }])
    expect(await store.publish({ ...person({ team: list('team') }), ...teams })).toMatchObject([{ action: 'convertField', from: 'json', to: 'references', safety: 'lossy', failing: { count: 1, samples: [{ id: 2, value: [red, 77] }] } }])
    expect(pick(await store.all('person'), 'team')).toEqual([[red, blue], [red], []])
  })

  test('a list of records of another entity starts empty, and nobody links across', async () => {
    const store = await opened(kind, { ...person({ teams: list('team') }), ...teams })
    const [red] = await store.insert('team', [{ name: 'Red' }])
    await store.insert('person', [{ teams: [Number(must(red)['id'])] }])
    expect(await store.publish({ ...person({ teams: list('club') }), ...teams })).toMatchObject([{ action: 'relinkField', from: 'team', to: 'club', safety: 'lossy', failing: { count: 1 } }])
    expect(pick(await store.all('person'), 'teams')).toEqual([[]])
    await expect(store.insert('person', [{ teams: [77] }])).rejects.toMatchObject({ code: 'record.invalid' })
  })
})
