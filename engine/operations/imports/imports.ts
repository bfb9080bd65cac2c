/** Imports as their owners see them: send a file, say how it is read, look, check, begin, undo. */
import { createHash } from 'node:crypto'
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import * as imports from '../../storage/own/imports.js'
import { addJob, jobById } from '../../storage/own/jobs.js'
import type { Call } from '../call.js'
import { toldJob } from '../jobs/jobs.js'
import { nudge, told } from '../jobs/runner.js'
import { accessTo } from '../rights/rights.js'
import { detect, firstRows, openSource } from './files/open.js'
import type { Reading, SourceRow } from './files/reading.js'
import { seen } from './find.js'
import { guessColumns } from './guess.js'
import { guessHabits } from './habits.js'
import { withNaming } from './naming.js'
import { planImport, readRow } from './plan.js'
import { incomplete } from './reasons.js'
import { titlesOf, tried } from './run.js'
import { changedSettings, type ImportSettings } from './settings.js'
import { forget, pathOf, receive } from './upload.js'

/** Rows that a preview shows. */
const previewRows = 20
/** Rows from which it is guessed what stands where. */
const lookedRows = 200
const listMax = 100
const titleMax = 200

export interface UploadCommand {
  readonly entity: string
  readonly fileName: string
  readonly content: AsyncIterable<Uint8Array>
}

/**
 * Takes a file in and finds out how it is best read; nothing is imported yet.
 * @throws Problem request.path, access.denied, request.tooLarge, import.unreadable, storage.full
 */
export async function upload(call: Call, { entity, fileName, content }: UploadCommand): Promise<JsonObject> {
  const { engine, actor } = call
  const access = accessTo(call, entity)
  if (access.create.length === 0 && access.update.length === 0) throw new Problem('access.denied')
  const { file, hash, survey } = await receive(engine, content)
  try {
    const { reading, sheets } = await detect(pathOf(engine, file), survey)
    const { titles, rows } = await looked(engine, file, survey.bytes, reading)
    const headers = hashOf(titles)
    const before = (await imports.lastSettings(engine.database.read, actor.id, access.entity.id, headers)) as ImportSettings | null
    const guessed = (before?.columns ?? guessColumns(call.model, call.access, access, titles, rows)).filter(({ column }) => column < titles.length)
    const columns = await withNaming(call, access, guessed, rows)
    const mode = before?.mode ?? (access.create.length === 0 ? 'update' : 'create')
    const settings: ImportSettings = { reading, habits: { ...guessHabits(rows, reading, actor) }, mode, key: before?.key ?? null, columns, alike: before?.alike ?? 'create' }
    const id = await engine.database.write((tx) => imports.addImport(tx, {
      owner: actor.id, entity: access.entity.id, fileName: Buffer.from(fileName.replaceAll(/\p{Cc}/gu, '').slice(0, titleMax)).toString(), file, place: engine.work.place, hash, bytes: survey.bytes, headers, settings, analysis: { titles, sheets: [...sheets] },
    }, call.at))
    return await getImport(call, id)
  } catch (error) {
    await forget(engine, file)
    throw error
  }
}

/** Changes how the file is read or where its columns go. @throws Problem import.unavailable, import.begun, request.invalid, import.unreadable */
export async function configure(call: Call, id: number, sent: Json | undefined): Promise<JsonObject> {
  const { engine } = call
  const imported = await mine(call, id)
  const before = imported.settings as ImportSettings
  const settings = changedSettings(before, sent, imported.analysis['sheets'] as readonly string[]) // written by upload
  const read = JSON.stringify(settings.reading) === JSON.stringify(before.reading) ? null : await looked(engine, imported.file, imported.bytes, settings.reading)
  const titles = read?.titles ?? titlesOf(imported)
  const access = accessTo(call, entityName(call, imported))
  // Another way of reading makes other columns: what was chosen for the old ones means nothing.
  const columns = read === null || settings.columns !== before.columns ? settings.columns : await withNaming(call, access, guessColumns(call.model, call.access, access, titles, read.rows), read.rows)
  const kept = await engine.database.write((tx) => imports.setSettings(tx, id, { ...settings, columns }, { ...imported.analysis, titles: [...titles] }, hashOf(titles)))
  if (!kept) throw new Problem('import.begun')
  return getImport(call, id)
}

/** The first rows with what is wrong with each; nothing is written. @throws Problem import.unavailable, import.fileGone, import.unreadable */
export async function preview(call: Call, id: number): Promise<JsonObject> {
  const { engine } = call
  const imported = await mine(call, id)
  const settings = imported.settings as ImportSettings
  const rows = (await firstRows(openSource(pathOf(engine, imported.file), imported.bytes, settings.reading), previewRows + settings.reading.header)).filter(({ row }) => row > settings.reading.header).slice(0, previewRows)
  try {
    const plan = planImport(call, entityName(call, imported), settings, titlesOf(imported))
    const { rejected, alike } = await tried(engine, call, plan, rows.map((row) => readRow(plan, row)))
    const problems = new Map(rejected.map((row) => [row.row, row.problems]))
    return { rows: rows.map(({ row, cells }) => ({ row, cells: [...cells], problems: problems.get(row) ?? [] })), alike, incomplete: null }
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error
    // What is chosen so far is no import yet: the rows are shown all the same.
    return { rows: rows.map(({ row, cells }) => ({ row, cells: [...cells], problems: [] })), alike: [], incomplete: told(error) }
  }
}

/** Begins to go through the whole file without writing anything. */
export async function check(call: Call, id: number): Promise<JsonObject> {
  const imported = await ready(call, id)
  await call.engine.database.write(async (tx) => {
    const job = await addJob(tx, { kind: 'import.check', ...jobOf(call, imported), key: `import.check:${id}` }, call.at)
    if (job !== null) await imports.setCheckJob(tx, id, job)
  })
  nudge(call.engine.database)
  return getImport(call, id)
}

/**
 * Begins the import. The same file in the same way is imported once, until that is undone.
 * @throws Problem import.again, import.begun, import.incomplete, access.*
 */
export async function start(call: Call, id: number): Promise<JsonObject> {
  const imported = await ready(call, id)
  const key = createHash('sha256').update(JSON.stringify([imported.entity, imported.hash, imported.settings])).digest('hex')
  await call.engine.database.write(async (tx) => {
    const holder = await imports.claimRun(tx, id, key, call.at)
    if (holder !== id) throw new Problem('import.again', {}, { extra: await known(call, holder) })
    const job = await addJob(tx, { kind: 'import', ...jobOf(call, imported), key: `import:${id}` }, call.at)
    if (job === null) throw new Problem('import.begun')
    await imports.setJob(tx, id, job)
  })
  nudge(call.engine.database)
  return getImport(call, id)
}

/** Begins to take an import back, as far as it came. @throws Problem import.unavailable, import.incomplete when it is still running */
export async function undo(call: Call, id: number): Promise<JsonObject> {
  const imported = await mine(call, id)
  if (imported.undoJob !== null) return toldImport(call, imported)
  const job = imported.job === null ? null : await jobById(call.engine.database.read, imported.job)
  if (job === null || job.state === 'waiting' || job.state === 'running') throw incomplete('running')
  accessTo(call, entityName(call, imported))
  await call.engine.database.write(async (tx) => {
    const made = await addJob(tx, { kind: 'import.undo', ...jobOf(call, imported), key: `import.undo:${id}` }, call.at)
    if (made !== null) await imports.beginUndo(tx, id, made)
  })
  nudge(call.engine.database)
  return getImport(call, id)
}

/** Throws away a file that was not imported. @throws Problem import.unavailable, import.begun */
export async function discard(call: Call, id: number): Promise<void> {
  const imported = await mine(call, id)
  if (!(await call.engine.database.write((tx) => imports.removeImport(tx, id)))) throw new Problem('import.begun')
  await forget(call.engine, imported.file)
  while (await call.engine.database.write((tx) => imports.forgetSeen(tx, id)));
}

export async function getImport(call: Call, id: number): Promise<JsonObject> {
  return toldImport(call, await mine(call, id))
}

/** The newest imports: the caller's own; for those who may design everybody's. */
export async function listImports(call: Call, entity: string | undefined): Promise<readonly JsonObject[]> {
  const identity = entity === undefined ? undefined : accessTo(call, entity).entity.id
  const found = await imports.listImports(call.engine.database.read, { limit: listMax, ...(call.access.design ? {} : { owner: call.actor.id }), ...(identity === undefined ? {} : { entity: identity }) })
  const readable = found.filter((imported) => nameOf(call, imported) !== undefined)
  return Promise.all(readable.map((imported) => toldImport(call, imported)))
}

/** An import that the caller may know of. @throws Problem import.unavailable */
export async function mine(call: Call, id: number): Promise<imports.StoredImport> {
  const imported = await imports.importById(call.engine.database.read, id)
  if (imported === null || !(call.access.design || imported.owner === call.actor.id) || nameOf(call, imported) === undefined) throw new Problem('import.unavailable')
  return imported
}

/** One that could begin now. @throws Problem import.*, access.* */
async function ready(call: Call, id: number): Promise<imports.StoredImport> {
  const imported = await mine(call, id)
  if (imported.job !== null) throw new Problem('import.begun')
  planImport(call, entityName(call, imported), imported.settings as ImportSettings, titlesOf(imported))
  return imported
}

const jobOf = (call: Call, imported: imports.StoredImport) => ({
  input: { import: imported.id },
  about: { import: imported.id, entity: entityName(call, imported), fileName: imported.fileName },
  owner: call.actor.id,
  place: imported.place,
})

const nameOf = (call: Call, { entity }: imports.StoredImport): string | undefined =>
  [...call.model.entities.values()].find(({ id, name }) => id === entity && call.access.entity(name) !== undefined)?.name

function entityName(call: Call, imported: imports.StoredImport): string {
  const name = nameOf(call, imported)
  if (name === undefined) throw new Problem('import.unavailable')
  return name
}

/** Of the import that holds the run: its id, when the caller may know of it. */
async function known(call: Call, id: number): Promise<JsonObject> {
  return mine(call, id).then(() => ({ import: id }), () => ({}))
}

async function toldImport(call: Call, imported: imports.StoredImport): Promise<JsonObject> {
  const { id, owner, fileName, bytes, settings, analysis, checked, result, undone, createdAt, startedAt } = imported
  const [job, checkJob, undoJob] = await Promise.all([imported.job, imported.checkJob, imported.undoJob].map(async (one) => {
    const found = one === null ? null : await jobById(call.engine.database.read, one)
    return found === null ? null : toldJob(found)
  }))
  return { id, owner, entity: nameOf(call, imported) ?? '', fileName, bytes, settings, ...analysis, keys: keysOf(call, imported), check: checkJob ?? null, checked, job: job ?? null, result, undo: undoJob ?? null, undone, createdAt, startedAt }
}

/** Fields by which records can be found. */
function keysOf(call: Call, imported: imports.StoredImport): readonly string[] {
  const access = accessTo(call, entityName(call, imported))
  return [...access.entity.fields.values()].filter((field) => (field.unique || field.key === 'id') && seen(access, field.key) !== undefined).map(({ key }) => key)
}

/** Titles of the columns and a few rows below them. */
async function looked(engine: Call['engine'], file: string, bytes: number, reading: Reading): Promise<{ readonly titles: readonly string[]; readonly rows: readonly SourceRow[] }> {
  const first = await firstRows(openSource(pathOf(engine, file), bytes, reading), lookedRows + reading.header)
  const rows = first.filter(({ row }) => row > reading.header)
  const named = first.find(({ row }) => row === reading.header)?.cells ?? []
  const width = Math.max(named.length, ...rows.map(({ cells }) => cells.length))
  return { titles: Array.from({ length: Number.isFinite(width) ? width : 0 }, (_, i) => (named[i] ?? '').trim().slice(0, titleMax)), rows }
}

const hashOf = (titles: readonly string[]): string => createHash('sha256').update(JSON.stringify(titles)).digest('hex')
