/** `tessera rehearse`: publishes the layer files on a copy of each site's data, and tells how it went. The sites are only read. */
import { access, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import type { Json } from '../../metadata/contract/json.js'
import { openEngine } from '../compose.js'
import { readConfig, type Config } from '../config.js'
import { mergeLayers, saidAt, type Layer } from '../definitions/layers.js'
import type { UpgradeConflict } from '../definitions/upgrade.js'
import { Problem } from '../errors.js'
import { sameJson } from '../model/equal.js'
import { restore } from '../operations/upkeep/backup.js'
import { copyOut, rehearseLayers, type Rehearsal } from '../operations/upkeep/rehearse.js'
import { openDatabase } from '../storage/database.js'
import { temporaryDatabase } from '../storage/temporary.js'
import { candidateLayers, decisions, upgradeAdvice, upgradeLines, type Candidate, type Decisions } from './candidate.js'
import { findingLines, planLines } from './definitions.js'
import { commandLog } from './deployment.js'
import { exitCodes, note, type Outcome, type Terminal } from './output.js'

interface Site {
  readonly name: string
  readonly config: Config
}

/** An open conflict, and whose value the copy was published with. */
type Rehearsed = UpgradeConflict & { readonly taken: 'mine' | 'theirs' }
type Told = Rehearsal & Pick<Candidate, 'outdated'> & { readonly conflicts: readonly Rehearsed[]; readonly rows: number }
type SiteReport = { readonly site: string; readonly error: string } | ({ readonly site: string } & Told)

/**
 * @param names database addresses, folders with a file `.env`, or such files; none: the deployment of the environment
 * @param options `on`: an empty database for the copies, instead of a temporary one of the same kind
 */
export async function rehearse(terminal: Terminal, names: readonly string[], options: Decisions & { readonly on?: string }): Promise<Outcome> {
  decisions(options) // wrong use is told before the first copy is made
  const reports: SiteReport[] = []
  for (const name of names.length === 0 ? ['.'] : names) {
    note(terminal, `${name} …`)
    reports.push(await rehearseSite(terminal, name, options, names.length === 0).catch((error: unknown): SiteReport => ({ site: name, error: reasonOf(error) })))
  }
  const codes = reports.map(codeOf)
  const code = codes.find((one) => one === exitCodes.failed) ?? codes.find((one) => one === exitCodes.different) ?? exitCodes.done
  return { code, value: { sites: reports as unknown as Json }, text: reports.map(siteLines).join('\n\n') }
}

const reasonOf = (error: unknown): string => (error instanceof Problem ? [`${error.message}. ${error.fix}`, ...error.problems.map(({ path, message }) => `${path}  ${message}`)].join('\n') : error instanceof Error ? error.message : String(error))

async function rehearseSite(terminal: Terminal, name: string, options: Decisions & { readonly on?: string }, isOwn: boolean): Promise<SiteReport> {
  const { config } = isOwn ? { config: readConfig(terminal.env) } : await readSite(terminal, name)
  const folder = await mkdtemp(join(tmpdir(), 'tessera-rehearsal-'))
  try {
    const file = join(folder, 'rows')
    const { rows } = await copied(config.databaseUrl, file)
    const copy = options.on === undefined ? await temporaryDatabase(config.databaseUrl) : { url: options.on, drop: () => Promise.resolve() }
    try {
      return { site: name, rows, ...(await onCopy(terminal, { ...config, databaseUrl: copy.url, files: { folder: join(folder, 'files') }, workFolder: join(folder, 'work') }, file, options)) }
    } finally {
      await copy.drop()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function copied(url: string, file: string): Promise<{ readonly rows: number }> {
  const path = /^sqlite:(.+)$/.exec(url)?.[1]
  // Opening would make the file.
  if (path !== undefined && !(await access(path).then(() => true, () => false))) throw new Problem('request.invalid', { reason: `there is no database ${path}` })
  const database = await openDatabase(url)
  try {
    return await copyOut(database, file)
  } finally {
    await database.close()
  }
}

async function onCopy(terminal: Terminal, config: Config, rows: string, options: Decisions): Promise<Omit<Told, 'rows'>> {
  const engine = await openEngine(config, commandLog(terminal))
  try {
    await restore(engine, rows)
    const { layers, findings, conflicts: open, outdated } = await candidateLayers({ config, engine }, decisions(options))
    const conflicts = open.map((conflict): Rehearsed => ({ ...conflict, taken: takenIn(layers, conflict) }))
    if (findings.length > 0) return { base: engine.current.get().version, seconds: 0, steps: [], problems: findings, records: [], faults: [], conflicts, outdated }
    return { ...(await rehearseLayers(engine, layers)), conflicts, outdated }
  } finally {
    await engine.database.close()
  }
}

/** What stands at the place once the layer is on top of those below it. */
function takenIn(layers: readonly Layer[], { layer, path, mine, theirs }: UpgradeConflict): Rehearsed['taken'] {
  const { documents } = mergeLayers(layers.slice(0, layers.findIndex(({ name }) => name === layer) + 1))
  const value = saidAt(documents, path)
  return sameJson(value, theirs) && !sameJson(value, mine) ? 'theirs' : 'mine'
}

/** A database address takes the layers of the environment; paths in a site's `.env` are seen from its folder. */
async function readSite({ env }: Terminal, name: string): Promise<Site> {
  if (/^(sqlite|postgres(ql)?):/.test(name)) return { name, config: readConfig({ ...env, DATABASE_URL: name }) }
  const isFolder = await stat(name).then((entry) => entry.isDirectory(), () => false)
  const file = isFolder ? join(name, '.env') : name
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Problem('request.invalid', { reason: `${name} is neither a database address nor a folder with a file .env` })
  })
  const own = parseEnv(text)
  const config = readConfig({ ...env, ...own })
  const from = (path: string): string => resolve(dirname(file), path)
  const path = /^sqlite:(.+)$/.exec(config.databaseUrl)?.[1]
  return { name, config: { ...config, ...(own['DATABASE_URL'] === undefined || path === undefined ? {} : { databaseUrl: `sqlite:${from(path)}` }), ...(own['TESSERA_LAYERS'] === undefined ? {} : { layers: config.layers.map(from) }) } }
}

const isLossy = ({ steps }: Told): boolean => steps.some(({ safety }) => safety === 'lossy')

function codeOf(report: SiteReport): Outcome['code'] {
  if ('error' in report || report.problems.length + report.faults.length > 0 || report.steps.some(({ safety }) => safety === 'blocked')) return exitCodes.failed
  return report.conflicts.length + report.outdated.length > 0 || isLossy(report) ? exitCodes.different : exitCodes.done
}

function siteLines(report: SiteReport): string {
  if ('error' in report) return `${report.site}: could not be rehearsed\n${indented(report.error)}`
  const { site, rows, base, version, seconds, steps, problems, records, faults, conflicts, outdated } = report
  const state = { [exitCodes.done]: 'fine', [exitCodes.different]: 'somebody has to decide or to agree', [exitCodes.failed]: 'not publishable', [exitCodes.usage]: '' }[codeOf(report)]
  const published = version === undefined ? 'not published' : `published as version ${version}`
  const lines = [
    findingLines(problems), steps.length === 0 ? '' : planLines(null, steps), upgradeLines(report),
    ...records.map(({ entity, before, after }) => `${entity}: ${before ?? 'no'} records before, ${after ?? 'no'} after`),
    ...faults, conflicts.length + outdated.length === 0 ? '' : upgradeAdvice(report),
  ].filter((line) => line !== '')
  return [`${site}: ${state}. Version ${base}, ${rows} rows copied, ${published} in ${seconds.toFixed(1)} s.`, ...lines.map(indented)].join('\n')
}

const indented = (text: string): string => text.split('\n').map((line) => `  ${line}`).join('\n')
