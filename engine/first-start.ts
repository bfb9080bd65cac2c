/** What happens once in the life of a deployment: the layers are published, the administrator is made, the sample is loaded. */
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { progressBar } from './commands/progress.js'
import type { Config } from './config.js'
import { configuredLayers } from './definitions/files.js'
import { Problem } from './errors.js'
import type { Engine } from './operations/call.js'
import { publishLayers } from './operations/definitions/publish.js'
import { addUser, hasAccounts } from './operations/people/users.js'

/**
 * Publishes the layer files as version 1 of an empty database and makes the administrator.
 * @returns the administrator's address and password; null when somebody can sign in already
 * @throws Problem definitions.invalid with every finding of the files
 */
export async function firstPublish(engine: Engine, config: Config): Promise<{ readonly email: string; readonly password: string } | null> {
  if (engine.current.get().version === 0) await publishFiles(engine, config)
  if (await hasAccounts(engine)) return null
  try {
    const { password } = await addUser(engine, { email: config.adminEmail, name: 'Administrator', roles: ['admin'], password: config.adminPassword })
    return { email: config.adminEmail, password }
  } catch (error) {
    if (error instanceof Problem && error.code === 'record.conflict') return null // another process was first
    throw error
  }
}

async function publishFiles(engine: Engine, config: Config): Promise<void> {
  const layers = await configuredLayers(config.layers)
  const findings = layers.flatMap((layer) => layer.findings)
  if (findings.length > 0) throw new Problem('definitions.invalid', {}, { problems: findings })
  try {
    await publishLayers(engine, { layers: layers.map(({ name, documents }) => ({ name, documents })), base: 0, consent: 'all', message: 'First start', by: null })
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'definitions.stale') throw error
    await engine.refresh() // another process was first
  }
}

/** Loads the sample data, or the rest of it, with a progress bar; gives what to tell the operator. */
export async function firstSample(engine: Engine, config: Config): Promise<readonly string[]> {
  const folder = await sampleFolder(config)
  if (!config.demo || folder === undefined) return []
  const [{ demoPending, loadDemo }, { demoSummary }] = await Promise.all([import('./operations/demo.js'), import('./operations/demo/report.js')])
  if (!(await demoPending(engine))) return []
  const outcome = await loadDemo(engine, { folder, onProgress: progressBar(process.stderr) }).catch((error: unknown) => {
    // It was pending a moment ago, so another process began first.
    if (error instanceof Problem && error.code === 'request.invalid') return null
    throw error
  })
  if (outcome === null) return ['Another process is loading the sample data.']
  const { users, seconds, report } = outcome
  const known = users.flatMap(({ email, role, password }) => (password === null ? [] : [`  ${role.padEnd(8)} ${email}   password ${password}`]))
  return [`Sample data loaded in ${seconds.toFixed(0)} s.`, demoSummary(report), 'Sign in as:', ...known]
}

/** Folder `data` of the first layer that has one; undefined when none has. */
export async function sampleFolder(config: Config): Promise<string | undefined> {
  for (const layer of config.layers) {
    const folder = join(layer, 'data')
    if (await access(folder).then(() => true, () => false)) return folder
  }
  return undefined
}
