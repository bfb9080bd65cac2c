/** What commands work on: the settings, the layer files, and the database with its published definitions. */
import { access } from 'node:fs/promises'
import { openEngine } from '../compose.js'
import { readConfig, type Config } from '../config.js'
import { configuredLayers } from '../definitions/files.js'
import type { Layer } from '../definitions/layers.js'
import type { Finding } from '../errors.js'
import { finding } from '../model/findings.js'
import type { Engine, Log } from '../operations/call.js'
import { layersInForce, lowerLayers, studioLayer } from '../operations/definitions/published.js'
import { note, type Terminal } from './output.js'

export interface Deployment {
  readonly config: Config
  readonly engine: Engine
}

/** Commands say what they do themselves; only what goes wrong is logged. */
export const commandLog = (terminal: Terminal): Log => ({
  info: () => undefined,
  warn: (_fields, message) => note(terminal, `Warning: ${message}`),
  error: (_fields, message) => note(terminal, `Error: ${message}`),
})

/** Opens the deployment that the environment names, runs `work`, and closes it. Creates an SQLite file that is missing. */
export async function withDeployment<T>(terminal: Terminal, work: (deployment: Deployment) => Promise<T>): Promise<T> {
  const config = readConfig(terminal.env)
  const engine = await openEngine(config, commandLog(terminal))
  try {
    return await work({ config, engine })
  } finally {
    await engine.database.close()
  }
}

/** The same for commands that also work without a database: they get null when the SQLite file is not there yet. */
export async function withDeploymentIfThere<T>(terminal: Terminal, work: (config: Config, deployment: Deployment | null) => Promise<T>): Promise<T> {
  const config = readConfig(terminal.env)
  const file = /^sqlite:(.+)$/.exec(config.databaseUrl)?.[1]
  if (file !== undefined && !(await exists(file))) return work(config, null)
  return withDeployment(terminal, (deployment) => work(config, deployment))
}

/** The layer folders of the settings, lowest first, and everything that is wrong with the files themselves. */
export async function layersFromFiles(config: Config): Promise<{ readonly layers: readonly Layer[]; readonly findings: readonly Finding[] }> {
  const read = await configuredLayers(config.layers)
  return { layers: read.map(({ name, documents }) => ({ name, documents })), findings: [...misnamed(read.map(({ name }) => name)), ...read.flatMap((layer) => layer.findings)] }
}

/** A layer is known by the name of its folder; one called as the studio's would be passed over. */
const misnamed = (names: readonly string[]): readonly Finding[] => names.flatMap((name, i) => {
  const code = name === studioLayer ? 'layer.reserved' : names.indexOf(name) < i ? 'layer.twice' : undefined
  return code === undefined ? [] : [finding(name, code, { layer: name })]
})

/** True when the layer files say something else than the published layers that came from files: nothing changes until `tessera publish`. */
export async function filesDiffer(config: Config, engine: Engine): Promise<boolean> {
  const files = await layersFromFiles(config)
  const inForce = await layersInForce(engine.database, engine.current.get())
  return files.findings.length > 0 || JSON.stringify(files.layers) !== JSON.stringify(lowerLayers(inForce.layers))
}

const exists = (path: string): Promise<boolean> => access(path).then(() => true, () => false)
