/** an import whose process is killed at any statement goes on in the next one, and has every row exactly once. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'

import { openEngine } from '../../engine/compose.js'
import { readConfig, type Config } from '../../engine/config.js'
import { firstPublish } from '../../engine/first-start.js'
import { callOf, type Engine } from '../../engine/operations/call.js'
import { configure, getImport, start, upload } from '../../engine/operations/imports/imports.js'
import { resumeJob, type ToldJob } from '../../engine/operations/jobs/jobs.js'
import { userActor } from '../../engine/operations/people/actor-of.js'
import { compiledScript } from '../support/compiled.js'
import { clonedDatabase, databaseKinds, type TestDatabase } from '../support/databases.js'

const layers = ['metadata/core', 'tests/packs/access'].map((layer) => join(import.meta.dirname, '../..', layer)).join(',')
/** How often a process is killed, and in how many rows; `TESSERA_KILLS=50 TESSERA_KILL_ROWS=100000` for a night. */
const kills = Number(process.env.TESSERA_KILLS ?? '5')
const rows = Number(process.env.TESSERA_KILL_ROWS ?? '3500')
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

let child: string
beforeAll(async () => {
  child = await compiledScript(join(import.meta.dirname, 'import-crash-child.ts'))
})

const configOf = (url: string, work: string): Config =>
  readConfig({ DATABASE_URL: url, TESSERA_LAYERS: layers, TESSERA_WORK: work, TESSERA_ADMIN_EMAIL: 'admin@example.com', TESSERA_ADMIN_PASSWORD: 'a password of tests' })

async function published(url: string, work: string): Promise<void> {
  const engine = await openEngine(configOf(url, work), quiet)
  await firstPublish(engine, configOf(url, work))
  await engine.database.close()
}

/** One row in seven is refused: it has no name. */
async function* file(): AsyncGenerator<Uint8Array> {
  const lines = Array.from({ length: rows }, (_, i) => (i % 7 === 0 ? `,k-${i}` : `Member ${i},k-${i}`))
  yield await Promise.resolve(Buffer.from(`Name,Code\n${lines.join('\n')}\n`))
}

async function begun(engine: Engine): Promise<number> {
  const actor = await userActor(engine, 1)
  if (actor === null) throw new Error('there is no administrator')
  const call = callOf(engine, actor)
  const id = Number((await upload(call, { entity: 'member', fileName: 'members.csv', content: file() }))['id'])
  await configure(call, id, { mode: 'create', key: null })
  await start(call, id)
  return id
}

/** True when the process lived to the end of the job. */
const workUntil = (url: string, work: string, statement: number | 'end'): Promise<boolean> =>
  new Promise((resolve, reject) => {
    execFile(process.execPath, [child, url, layers, work, String(statement)], (error, stdout, stderr) => {
      if (error === null || error.signal === 'SIGKILL') resolve(stdout === 'finished')
      else reject(new Error(stderr))
    })
  })

/** True when the job had been given up after too many attempts, and goes on now. */
async function resumedWhenStuck(url: string, work: string, id: number): Promise<boolean> {
  const engine = await openEngine(configOf(url, work), quiet)
  try {
    const actor = await userActor(engine, 1)
    if (actor === null) throw new Error('there is no administrator')
    const call = callOf(engine, actor)
    const { job } = (await getImport(call, id)) as { readonly job: ToldJob }
    return job.error?.['code'] === 'job.stuck' && (await resumeJob(call, job.id)).state === 'waiting'
  } finally {
    await engine.database.close()
  }
}

async function outcome(database: TestDatabase, work: string, id: number): Promise<unknown> {
  const engine = await openEngine(configOf(database.url, work), quiet)
  try {
    const actor = await userActor(engine, 1)
    if (actor === null) throw new Error('there is no administrator')
    const table = engine.current.get().entities.get('member')?.table ?? ''
    const { long } = engine.database
    const codes = await long.all(`SELECT f_code AS code FROM "${table}"`, []).catch(() => long.all(`SELECT code FROM "${table}"`, []))
    const changes = await long.all("SELECT count(*) AS n FROM tessera_change WHERE entity = 'member'", [])
    const { job, result } = await getImport(callOf(engine, actor), id)
    return { codes: codes.length, different: new Set(codes.map(({ code }) => code)).size, changes: Number(changes[0]?.['n']), job, result }
  } finally {
    await engine.database.close()
  }
}

describe.each(databaseKinds)('imports on %s', (kind) => {
  const begin = async (): Promise<{ readonly database: TestDatabase; readonly work: string; readonly id: number }> => {
    const database = await clonedDatabase(kind, 'import-crash', (url) => published(url, join(import.meta.dirname, '../../dist/.build/import-crash')))
    const work = join(import.meta.dirname, '../../dist/.build', `import-crash-${kind}`)
    const engine = await openEngine(configOf(database.url, work), quiet)
    const id = await begun(engine)
    await engine.database.close()
    return { database, work, id }
  }
  const taken = Array.from({ length: rows }, (_, i) => i).filter((i) => i % 7 !== 0).length
  const whole = { codes: taken, different: taken, changes: taken, job: { state: 'done', error: null, done: rows, total: rows }, result: { rows, created: taken, rejected: rows - taken } }

  test('A-150 killed again and again, every row is there once', async () => {
    const { database, work, id } = await begin()
    // Killed several times before its first commit a job counts as stuck; its owner lets it go on. One that nobody kills any more comes forward.
    for (let killed = 0, stuck = 0; stuck <= 2 * kills; ) {
      if (!(await workUntil(database.url, work, killed < kills ? 3 + Math.floor(Math.random() * 40) : 0))) killed += 1
      else if (!(await resumedWhenStuck(database.url, work, id))) break
      else stuck += killed < kills ? 1 : kills
    }
    expect(await outcome(database, work, id)).toMatchObject(whole)
    await database.drop()
  }, 1_800_000)

  test('A-150 killed when all is in and the file is put away, it is done all the same', async () => {
    const { database, work, id } = await begin()
    expect(await workUntil(database.url, work, 'end')).toBe(false)
    expect(await workUntil(database.url, work, 0)).toBe(true)
    expect(await outcome(database, work, id)).toMatchObject(whole)
    await database.drop()
  }, 1_800_000)
})
