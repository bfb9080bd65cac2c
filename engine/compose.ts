/** The one place where the parts are wired: plain calls, from the database up to the HTTP server. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { approvalRoutes } from './api/approvals.js'
import { auditRoutes } from './api/audit.js'
import { computedRoutes } from './api/computed.js'
import { definitionRoutes } from './api/definitions.js'
import { cursorSeal } from './api/cursor.js'
import { eventRoutes } from './api/events.js'
import { fileRoutes } from './api/files.js'
import type { Route } from './api/handler.js'
import { healthRoutes } from './api/health.js'
import { hookRoutes } from './api/hooks.js'
import { duplicateRoutes } from './api/duplicates.js'
import { importRoutes } from './api/imports.js'
import { jobRoutes } from './api/jobs.js'
import { metrics } from './api/metrics.js'
import { modelRoutes } from './api/model.js'
import { notificationRoutes } from './api/notifications.js'
import { oidcRoutes } from './api/oidc.js'
import { openApiRoutes } from './api/openapi.js'
import { presenceRoutes } from './api/presence.js'
import { publicFormRoutes } from './api/public-forms.js'
import { pipeline } from './api/pipeline.js'
import { recordRoutes } from './api/records.js'
import { schemaRoutes } from './api/schemas.js'
import { httpServer } from './api/server.js'
import { sessionRoutes } from './api/session.js'
import { staticRoute } from './api/static.js'
import { statusRoutes } from './api/status.js'
import { viewRoutes } from './api/views.js'
import { previewRoutes } from './api/previews.js'
import { secretRoutes } from './api/secrets.js'
import { userRoutes } from './api/users.js'
import { webhookRoutes } from './api/webhooks.js'
import { workflowRoutes } from './api/workflows.js'
import { packageFolder, type Config } from './config.js'
import { currentModel } from './model/current.js'
import type { Engine, Log } from './operations/call.js'
import { beginDeciding } from './operations/approvals/decide.js'
import { beginSealing } from './operations/audit/sealer.js'
import { beginSweeping, fileSweep } from './operations/files/sweep.js'
import { loadModel } from './operations/definitions/published.js'
import { beginMoving } from './operations/derived/moving.js'
import { recalculate } from './operations/derived/recalculate.js'
import { importCheckJob, importJob } from './operations/imports/run.js'
import { beginKeeping } from './operations/duplicates/keeping.js'
import { beginSweepingUploads } from './operations/imports/sweep.js'
import { importUndoJob } from './operations/imports/undo.js'
import type { JobKind } from './operations/jobs/contract.js'
import { jobCounts } from './operations/jobs/jobs.js'
import { startRunner } from './operations/jobs/runner.js'
import { beginMarking } from './operations/notifications/limits.js'
import { beginReminding } from './operations/notifications/remind.js'
import { outboundSettings } from './operations/outbound/addresses.js'
import { cursorKey } from './operations/people/secret.js'
import { beginRenewing } from './operations/upkeep/renew.js'
import { SlowQuestions } from './operations/records/slow.js'
import { sealAllAnew } from './operations/secrets/secrets.js'
import type { Vault } from './operations/secrets/vault.js'
import { beginDelivering } from './operations/webhooks/deliver.js'
import { previewing } from './operations/people/preview.js'
import { authenticate } from './operations/people/session.js'
import { failedTests } from './workflows/kept-tests.js'
import { beginRunning } from './workflows/runner.js'
import { openDatabase } from './storage/database.js'
import { openFiles } from './storage/files/open.js'
import { prepareSystem } from './storage/own/system.js'
import { ensureSearch } from './storage/tables/search.js'

/** Everything that may go on in the background. */
const jobKinds: readonly JobKind[] = [
  recalculate,
  fileSweep,
  importJob,
  importCheckJob,
  importUndoJob,
]

/** What goes on beside the requests, in the order in which it ends. Each is begun with the engine and gives its end. */
const background = ({ runs }: Config): readonly ((engine: Engine) => () => void | Promise<void>)[] => [
  beginSweeping,
  beginSweepingUploads,
  (engine) => startRunner(engine, jobKinds, { places: [engine.work.place] }).stop,
  beginDeciding,
  (engine) => beginRunning(engine, runs),
  beginDelivering,
  beginReminding,
  beginMarking,
  beginMoving,
  beginKeeping,
  beginSealing,
  beginRenewing,
]

/** A running engine. */
export interface Running {
  readonly engine: Engine
  /** Every address of the API, for the route inventory. */
  readonly routes: readonly Route[]
  listen(): Promise<string>
  /** Finishes what is running, then closes server and database. */
  close(): Promise<void>
}

/**
 * Opens the database with its published definitions and wires the server. Publishes nothing; text indexes that an earlier engine made in another way are made anew.
 * @throws Problem, Error when the database cannot be opened
 */
export async function compose(config: Config, log: Log): Promise<Running> {
  const engine = await openEngine(config, log)
  await ensureSearch(engine.database, engine.current.get())
  const counted = metrics(() => jobCounts(engine))
  const cursors = cursorSeal(await cursorKey(engine))
  const routes: readonly Route[] = [
    ...sessionRoutes(engine),
    ...oidcRoutes(engine),
    ...recordRoutes({ cursors }),
    ...duplicateRoutes(cursors),
    ...computedRoutes,
    ...importRoutes,
    ...jobRoutes,
    ...auditRoutes,
    ...fileRoutes(engine),
    ...publicFormRoutes(engine),
    ...modelRoutes,
    ...viewRoutes,
    ...notificationRoutes,
    ...presenceRoutes,
    ...definitionRoutes,
    ...userRoutes,
    ...previewRoutes,
    ...workflowRoutes,
    ...webhookRoutes,
    ...hookRoutes(engine),
    ...secretRoutes,
    ...approvalRoutes,
    ...openApiRoutes,
    ...schemaRoutes,
    ...eventRoutes(engine),
    ...statusRoutes(engine),
    ...healthRoutes(engine, counted, config.metricsToken),
  ]
  const stations = pipeline({
    engine,
    trustedProxies: config.trustedProxies,
    authenticate: (headers) => authenticate(engine, headers),
    previewing: (recognised, pass) => previewing(engine, recognised, pass),
    observe: (method, route, status, seconds) => counted.observe(method, route, status, seconds),
  })
  await sealAllAnew(engine)
  const ends = background(config).map((begin) => begin(engine))
  const server = httpServer(stations, routes, staticRoute(join(packageFolder, 'dist/studio')))
  return {
    engine,
    routes,
    listen: () => server.listen(config.port, config.host),
    async close() {
      await server.close()
      for (const end of ends) await end()
      await engine.database.close()
    },
  }
}

/** The engine without a server, for the command line too. */
export async function openEngine(config: Config, log: Log): Promise<Engine> {
  const database = await openDatabase(config.databaseUrl)
  try {
    await prepareSystem(database)
    const current = currentModel(await loadModel(database))
    const [files, work] = await Promise.all([openFiles(config.files), workFolder(config)])
    return { database, current, refresh: refreshing(current, (known) => loadModel(database, known)), files, fileMax: config.fileMax, work, log, proveWorkflows: failedTests, outbound: outboundSettings(config.outboundAllow), plugins: config.plugins, slow: new SlowQuestions(config.slowMilliseconds), mail: config.mail, oidc: config.oidc, secrets: config.secrets, vault: await openVault(config, work.folder) }
  } catch (error) {
    await database.close()
    throw error
  }
}

/** The operator's keys; without any, one that is made once and lies in the working folder, not in the database. */
async function openVault({ vaultKeys: [first, ...others] }: Config, folder: string): Promise<Vault> {
  if (first !== undefined) return [first, ...others]
  const file = join(folder, 'vault.key')
  await writeFile(file, randomBytes(32).toString('base64'), { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
    if ((error as { readonly code?: unknown }).code !== 'EEXIST') throw error
  })
  const key = Buffer.from(await readFile(file, 'utf8'), 'base64')
  return [{ id: `own-${createHash('sha256').update(key).digest('hex').slice(0, 8)}`, key }]
}

/** Requests that find a newer version at the same time load it once. */
function refreshing(current: Engine['current'], load: (known: ReturnType<Engine['current']['get']>) => ReturnType<typeof loadModel>): Engine['refresh'] {
  let running: ReturnType<typeof loadModel> | undefined
  return () => {
    running ??= load(current.get())
      .then((model) => {
        current.swap(model)
        return current.get()
      })
      .finally(() => (running = undefined))
    return running
  }
}

/** The folder of files that something is done with, made when it is not there; its name is kept in it. */
async function workFolder({ workFolder: folder, importMaxBytes }: Config): Promise<Engine['work']> {
  const path = resolve(folder)
  await mkdir(path, { recursive: true })
  const file = join(path, 'place')
  await writeFile(file, randomUUID(), { flag: 'wx' }).catch((error: unknown) => {
    if ((error as { readonly code?: unknown }).code !== 'EEXIST') throw error
  })
  return { folder: path, place: await readFile(file, 'utf8'), importMaxBytes }
}
