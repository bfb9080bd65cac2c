/** a publish that is killed at any statement leaves the old version or the new one, whole, and needs no mending. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { compile } from '../../engine/model/compile.js'
import type { Model } from '../../engine/model/model.js'
import { everything } from '../../engine/model/predicate.js'
import type { Database } from '../../engine/storage/contract.js'
import { openDatabase } from '../../engine/storage/database.js'
import * as records from '../../engine/storage/records.js'
import { prepareSystem } from '../../engine/storage/own/system.js'
import { currentVersion } from '../../engine/storage/own/versions.js'
import { compiledScript } from '../support/compiled.js'
import { clonedDatabase, databaseKinds } from '../support/databases.js'
import { after, before } from './crash-documents.js'
import { must, nobody, publish, stamp, whole } from './store.js'

let child: string
beforeAll(async () => {
  child = await compiledScript(join(import.meta.dirname, 'crash-child.ts'))
})

const old = compile(before, 1)
const next = compile(after, 2, old)

async function prepare(url: string): Promise<void> {
  const db = await openDatabase(url)
  await prepareSystem(db)
  await publish(db, compile({}, 0), before)
  await db.write(async (tx) => {
    await records.insert(tx, must(old.entities.get('team')), [{ name: 'Blue' }, { name: 'Red' }], stamp)
    await records.insert(tx, must(old.entities.get('person')), [{ name: 'Ada', size: '1', team: 1, nick: 'A' }, { name: 'Bo', size: 'big', team: 2 }], stamp)
  })
  await db.close()
}

/** Resolves with what the process wrote, '' when it was killed. */
const publishAndDie = (url: string, statement: number): Promise<string> =>
  new Promise((resolve, reject) => {
    execFile(process.execPath, [child, url, String(statement)], (error, stdout, stderr) => {
      if (error === null || error.signal === 'SIGKILL') resolve(stdout)
      else reject(new Error(stderr))
    })
  })

async function contents(db: Database, model: Model): Promise<unknown> {
  const found: Record<string, unknown> = {}
  for (const [name, entity] of model.entities) {
    found[name] = (await records.list(db.read, { entity, rows: everything, archived: 'without', selection: whole(entity), sort: [], limit: 100 }, nobody)).records
    const name1 = entity.fields.get('name')
    if (name1?.search === true) found[`${name} search`] = await records.count(db.read, { entity, rows: { kind: 'search', terms: ['ada'], fields: [{ field: name1 }], phrase: 'ada', title: null }, archived: 'without' }, 10, nobody)
  }
  return found
}

/** Old data under the old model, or new data under the new one, and in either case a database that works on. */
async function assertWhole(url: string, expected: { readonly old: unknown; readonly new: unknown }): Promise<number> {
  const db = await openDatabase(url)
  try {
    await prepareSystem(db)
    const version = await currentVersion(db.read)
    expect(await contents(db, version === 1 ? old : next)).toEqual(version === 1 ? expected.old : expected.new)
    if (db.dialect === 'sqlite') {
      expect(await db.read.all('PRAGMA integrity_check', [])).toEqual([{ integrity_check: 'ok' }])
      expect(await db.read.all('PRAGMA foreign_key_check', [])).toEqual([])
    }
    if (version === 1) {
      await publish(db, old, after)
      expect(await contents(db, next)).toEqual(expected.new)
    }
    return version
  } finally {
    await db.close()
  }
}

async function expectedContents(kind: (typeof databaseKinds)[number]): Promise<{ old: unknown; new: unknown }> {
  const copy = await clonedDatabase(kind, 'crash', prepare)
  const db = await openDatabase(copy.url)
  const was = await contents(db, old)
  await publish(db, old, after)
  const is = await contents(db, next)
  await db.close()
  await copy.drop()
  return { old: was, new: is }
}

test.each(databaseKinds)('%s: killed before every statement', async (kind) => {
  const expected = await expectedContents(kind)
  const versions: number[] = []
  const tryOne = async (statement: number): Promise<boolean> => {
    const copy = await clonedDatabase(kind, 'crash', prepare)
    const finished = (await publishAndDie(copy.url, statement)) === 'published'
    versions[statement] = await assertWhole(copy.url, expected)
    await copy.drop()
    return finished
  }
  // Two at a time, until one lives to the end.
  let statement = 1
  for (let finished = false; !finished; statement += 2) finished = (await Promise.all([tryOne(statement), tryOne(statement + 1)])).some(Boolean)
  expect(versions.slice(1).filter((version) => version === 1).length).toBeGreaterThan(20)
  expect(versions.at(-1)).toBe(2)
}, 600_000)
