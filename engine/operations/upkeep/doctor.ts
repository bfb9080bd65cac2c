/** Is everything as it should be? Looks, changes nothing. */
import { check } from '../../definitions/check.js'
import type { Model } from '../../model/model.js'
import { outdatedIndexes } from '../../storage/tables/outdated.js'
import { searchWork } from '../../storage/tables/search.js'
import { indexNames, integrityFaults, safetySettings, tablesOf, type TableFacts } from '../../storage/tables/inspect.js'
import { contents } from '../../storage/own/files.js'
import { sealedTogether, verify, type Head, type Verdict } from '../../storage/audit/chain.js'
import { exchangedVersions } from '../../storage/own/versions.js'
import { signersIn } from '../../storage/own/accounts.js'
import type { Engine } from '../call.js'
import { examineComputed } from './computed.js'
import { hashed } from '../files/incoming.js'
import { jobCounts } from '../jobs/jobs.js'

export interface Diagnosis {
  readonly name: string
  readonly ok: boolean
  /** Nothing is broken, but it could be safer. */
  readonly advice?: true
  /** What is wrong, each with what to do; what was looked at when nothing is. */
  readonly details: readonly string[]
}

/**
 * All examinations in order.
 * @param filesDiffer what the caller knows of the layer files
 * @param known end of the audit log's chain that somebody wrote down earlier
 */
export async function examine(engine: Engine, filesDiffer: boolean, known?: Head): Promise<readonly Diagnosis[]> {
  const model = engine.current.get()
  // Whatever reads a whole database does so in a snapshot: those have no time limit.
  const { read, dialect } = engine.database
  // As the writing connection sees them: some settings are each connection's own.
  const settings = await engine.database.write((tx) => safetySettings(tx))
  const [outdated, textless] = await Promise.all([outdatedIndexes(read, model), searchWork(read, model)])
  const drift = driftFaults(model, await tablesOf(read), await indexNames(read))
  // Tables that are not those of the definitions cannot be counted by them.
  const values = drift.length > 0 ? { wrong: [], failing: [], records: 0 } : await examineComputed(engine.database, model)
  return [
    told('database', await engine.database.snapshot(integrityFaults), 'no damage, every reference leads to a record'),
    told('settings', settingFaults(dialect, settings), 'committed data survives a power loss'),
    ...advised('database user', settings['superuser'] === 'true' ? ['It may do everything on the server. A user of its own, with rights on this database only, is safer.'] : []),
    told('definitions', definitionFaults(model), `version ${model.version} is sound`),
    told('tables', drift, 'tables, columns and indexes are those of the definitions'),
    ...advised('indexes', [
      ...outdated.map(({ entity, index }) => `The index ${index.name} on ${entity.table} was made by an earlier version and does not help to sort. The server makes it anew in the background: start it and look again, and if this stays, look for its warning in the log.`),
      ...(textless.length === 0 ? [] : [`${String(textless.length)} text indexes are missing or those of an earlier version: searches are slower. The server brings them up to date when it starts.`]),
    ]),
    auditDiagnosis(await engine.database.snapshot((x) => verify(x, known)), await engine.database.snapshot(exchangedVersions)),
    told('files', await fileFaults(engine), `every content is there and whole, in ${engine.files.place}`),
    told('computed values', values.wrong, `${String(values.records)} records have the values that counting anew gives`),
    ...advised('formulas', values.failing),
    told('administrators', await administratorFaults(engine, model), 'somebody can sign in and design'),
    told('jobs', await jobFaults(engine), 'background jobs come forward'),
    told('layers', filesDiffer ? ['The layer files say something else than what is published. See `tessera plan`, then `tessera publish`.'] : [], 'the layer files are what is published'),
  ]
}

const told = (name: string, faults: readonly string[], fine: string): Diagnosis => ({ name, ok: faults.length === 0, details: faults.length === 0 ? [fine] : faults })

const advised = (name: string, details: readonly string[]): readonly Diagnosis[] => (details.length === 0 ? [] : [{ name, ok: true, advice: true, details }])

function settingFaults(dialect: 'sqlite' | 'postgres', settings: Readonly<Record<string, string>>): readonly string[] {
  const wanted: Readonly<Record<string, string>> = dialect === 'sqlite' ? { journal_mode: 'wal', synchronous: '2', foreign_keys: '1' } : { fsync: 'on', full_page_writes: 'on' }
  return Object.entries(wanted).flatMap(([name, value]) => (settings[name] === value ? [] : [`${name} is ${settings[name] ?? 'unknown'}, it should be ${value}.`]))
}

function definitionFaults(model: Model): readonly string[] {
  if (model.version === 0) return ['Nothing is published yet. `tessera start` or `tessera publish` does it.']
  return check(model.documents, model).findings.map(({ path, message }) => `${path}: ${message}`)
}

/** Tables against the model, both ways; what belongs to archived or earlier definitions may stay. */
function driftFaults(model: Model, tables: readonly TableFacts[], indexes: ReadonlySet<string>): readonly string[] {
  const there = new Map(tables.map((table) => [table.name, new Map(table.columns.map((column) => [column.name, column]))]))
  return [...model.entities.values()].flatMap((entity) => {
    const columns = there.get(entity.table)
    if (columns === undefined) return [`The table ${entity.table} of ${entity.name} is missing. Restore a backup.`]
    const lacking = [...entity.fields.values()].flatMap((field) => field.columns).filter(({ name }) => !columns.has(name)).map(({ name }) => `The column ${entity.table}.${name} is missing. Restore a backup.`)
    const unindexed = entity.indexes.filter(({ name }) => !indexes.has(name)).map(({ name }) => `The index ${name} on ${entity.table} is missing: searches are slow or doubles are not noticed.`)
    const unlinked = [...entity.fields.values()].flatMap(({ key, links }) => (links === null || there.has(links.table) ? [] : [`The table ${links.table} of ${entity.name}.${key} is missing. Restore a backup.`]))
    return [...lacking, ...unlinked, ...unindexed]
  })
}

async function jobFaults(engine: Engine): Promise<readonly string[]> {
  const { stuck } = await jobCounts(engine)
  return stuck === 0 ? [] : [`${stuck} background jobs are due and nobody works on them. Start the server, and look for their errors in its log.`]
}

async function administratorFaults(engine: Engine, model: Model): Promise<readonly string[]> {
  const designers = new Set([...model.roles].filter(([, role]) => role.design === true).map(([name]) => name))
  const able = (await signersIn(engine.database.read, model)).some((roles) => roles.some((role) => designers.has(role)))
  return able ? [] : [`Nobody with a role that may design can sign in. \`tessera user add EMAIL --role ${[...designers][0] ?? 'admin'}\` makes somebody.`]
}

/** Tells the end of the chain: written down elsewhere, it shows later whether the log was made anew. */
function auditDiagnosis({ head, unsealed, fault }: Verdict, exchanged: readonly number[]): Diagnosis {
  const faults = [...(fault === null ? [] : [fault]), ...exchanged.map((version) => `The definitions of version ${String(version)} are not those that were published.`)]
  const open = unsealed === 0 ? '' : `; the running server seals ${String(unsealed)} newer ones, ${unsealed > sealedTogether ? 'some thousand a second while little is written' : 'within a second'}`
  return told('audit log', faults, `${String(head.number)} entries, unbroken${open}; the chain ends with ${String(head.number)}:${head.hash}`)
}

const faultsMax = 20

/** Reads every content: what cannot be read back is no file. */
async function fileFaults(engine: Engine): Promise<readonly string[]> {
  const faults: string[] = []
  for await (const { hash } of contents(engine.database.long)) {
    if (faults.length >= faultsMax) break
    const found = await engine.files.read(hash).then(hashed, () => null)
    if (found === null) faults.push(`The content ${hash} is missing in ${engine.files.place}. Restore it from a backup.`)
    else if (found.hash !== hash) faults.push(`The content ${hash} was altered. Restore it from a backup.`)
  }
  return faults
}
