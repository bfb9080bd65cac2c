/** a publish that is killed at any statement leaves the old version or the new one, whole, and needs no mending. */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Client } from 'pg'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { compile } from '../../engine/model/compile.js'
import type { Model } from '../../engine/model/model.js'
import { everything } from '../../engine/model/conditions/predicate.js'
import type { Database } from '../../engine/storage/contract.js'
import { openDatabase } from '../../engine/storage/database.js'
import { prepareSystem } from '../../engine/storage/own/system.js'
import { currentVersion } from '../../engine/storage/own/versions.js'
import * as records from '../../engine/storage/records.js'
import { compiledScript } from '../support/compiled.js'
import { clonedDatabase, databaseKinds, type DatabaseKind, type TestDatabase } from '../support/databases.js'
import { after, before } from './crash-documents.js'
import { next, old, publishStepwise } from './crash-publish.js'
import { must, nobody, publish, stamp, whole } from './store.js'

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

async function contents(db: Database, model: Model): Promise<unknown> {
  const found: Record<string, unknown> = {}
  for (const [name, entity] of model.entities) {
    found[name] = (await records.list(db.read, { entity, rows: everything, archived: 'without', selection: whole(entity), sort: [], limit: 100 }, nobody)).records
    const name1 = entity.fields.get('name')
    if (name1?.search === true) found[`${name} search`] = await records.count(db.read, { entity, rows: { kind: 'search', terms: ['ada'], fields: [{ field: name1 }], phrase: 'ada', title: null }, archived: 'without' }, 10, nobody)
  }
  return found
}

/** Old data under the old model, or new data under the new one. Gives the version that is in force. */
async function versionIn(db: Database, expected: Contents): Promise<number> {
  await prepareSystem(db)
  const version = await currentVersion(db.read)
  expect(await contents(db, version === 1 ? old : next)).toEqual(version === 1 ? expected.old : expected.new)
  return version
}

/** One version or the other, and in either case a database that works on. Gives the version that was in force. */
async function assertWhole(url: string, expected: Contents): Promise<number> {
  const db = await openDatabase(url)
  try {
    const version = await versionIn(db, expected)
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

interface Contents {
  readonly old: unknown
  readonly new: unknown
}

const copyOf = (kind: DatabaseKind): Promise<TestDatabase> => clonedDatabase(kind, 'crash', prepare)

/** What the database holds before and after the publish, and how many steps the publish has: its statements and the commit. */
async function undisturbed(kind: DatabaseKind): Promise<Contents & { readonly steps: number }> {
  const copy = await copyOf(kind)
  const told = async (model: Model): Promise<unknown> => {
    const db = await openDatabase(copy.url)
    try {
      return await contents(db, model)
    } finally {
      await db.close()
    }
  }
  const was = await told(old)
  let steps = 0
  await publishStepwise(copy.url, (statement) => (steps = statement))
  const is = await told(next)
  await copy.drop()
  expect(steps).toBeGreaterThan(20)
  return { old: was, new: is, steps }
}

// What a process that is killed leaves is what stands in the files at that moment: nobody writes while a step is waited for.
test.runIf(databaseKinds.includes('sqlite'))('sqlite: the files as they stand before every statement', async () => {
  const expected = await undisturbed('sqlite')
  const original = await copyOf('sqlite')
  const left: string[] = []
  await publishStepwise(original.url, async (statement) => {
    const folder = await mkdtemp(join(inject('runFolder'), 'killed-'))
    await cp(dirname(original.url.slice('sqlite:'.length)), folder, { recursive: true })
    left[statement] = folder
  })
  expect(await assertWhole(original.url, expected)).toBe(2)
  for (const folder of left.slice(1)) {
    expect(await assertWhole(`sqlite:${join(folder, 'test.db')}`, expected)).toBe(1)
    await rm(folder, { recursive: true })
  }
  await original.drop()
}, 600_000)

// A server sees of a killed client that its connection is gone. Each publish begins on what the cut before it left.
test.runIf(databaseKinds.includes('postgres'))('postgres: the connection gone before every statement', async () => {
  const expected = await undisturbed('postgres')
  const operator = new Client({ connectionString: inject('postgresUrl') })
  await operator.connect()
  const copy = await copyOf('postgres')
  const cut = (): Promise<unknown> => operator.query("select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = $1 and application_name <> 'looks on'", [new URL(copy.url).pathname.slice(1)])
  const db = await openDatabase(`${copy.url}?application_name=looks%20on`)
  for (let last = 1; last <= expected.steps; last++) {
    await expect(publishStepwise(copy.url, (statement) => (statement === last ? cut() : undefined))).rejects.toThrow()
    expect(await versionIn(db, expected)).toBe(1)
  }
  await db.close()
  expect(await assertWhole(copy.url, expected)).toBe(1)
  await copy.drop()
  await operator.end()
}, 600_000)

describe('a process killed with -9', () => {
  let child: string
  beforeAll(async () => {
    child = await compiledScript(join(import.meta.dirname, 'crash-child.ts'))
  })

  /** Resolves with what the process wrote, '' when it was killed. */
  const publishAndDie = (url: string, statement: number): Promise<string> =>
    new Promise((resolve, reject) => {
      execFile(process.execPath, [child, url, String(statement)], (error, stdout, stderr) => {
        if (error === null || error.signal === 'SIGKILL') resolve(stdout)
        else reject(new Error(stderr))
      })
    })

  test.each(databaseKinds)('%s: before the first and a middle statement, and before the commit; not at all', async (kind) => {
    const { steps, ...expected } = await undisturbed(kind)
    for (const statement of [1, Math.round(steps / 2), steps, steps + 1]) {
      const copy = await copyOf(kind)
      expect(await publishAndDie(copy.url, statement)).toBe(statement > steps ? 'published' : '')
      expect(await assertWhole(copy.url, expected)).toBe(statement > steps ? 2 : 1)
      await copy.drop()
    }
  }, 600_000)
})
