/** `check`, `plan`, `publish`, `diff`, `export`, `types`: the definitions, from files and in the database. */
import { stat, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { Json } from '../../metadata/contract/json.js'
import type { PlanStep } from '../../metadata/contract/plan.js'
import { changesBetween, type DefinitionChange } from '../definitions/changes.js'
import { checkWithTests as checkDocuments } from '../operations/definitions/access-tests.js'
import { readLayer, rewriteLayer, writeLayer } from '../definitions/files.js'
import { mergeLayers, type Layer } from '../definitions/layers.js'
import { upgradeLayers } from '../definitions/upgrade.js'
import { Problem, type Finding } from '../errors.js'
import type { Documents } from '../model/model.js'
import { planOf, prepare } from '../operations/definitions/plan.js'
import { layersInForce, readLayers } from '../operations/definitions/published.js'
import { publishLayers } from '../operations/definitions/publish.js'
import { recordTypes } from '../operations/definitions/types.js'
import { candidateLayers, decisions, upgradeAdvice, upgradeLines, type Candidate, type Decisions } from './candidate.js'
import { layersFromFiles, withDeployment, withDeploymentIfThere, type Deployment } from './deployment.js'
import { failedTests } from '../workflows/kept-tests.js'
import { exitCodes, table, type Outcome, type Terminal } from './output.js'

/** `tessera check`: all problems of the layer files (with the studio's changes on top, when there is a database). */
export const check = (terminal: Terminal): Promise<Outcome> => withDeploymentIfThere(terminal, async (config, deployment) => {
  const { layers, findings } = await (deployment === null ? layersFromFiles(config) : candidateLayers(deployment))
  const checked = checkDocuments(mergeLayers(layers).documents)
  const wrong = [...findings, ...checked.findings]
  const problems = wrong.length > 0 ? wrong : await failedTests(checked.model, null)
  const hints = checked.hints.length === 0 ? '' : `\nNo problem, but hardly meant:\n${findingLines(checked.hints)}`
  return { code: problems.length === 0 ? exitCodes.done : exitCodes.failed, value: { problems, hints: checked.hints } as unknown as Json, text: `${problems.length === 0 ? 'No problems.' : findingLines(problems)}${hints}` }
})

/** `tessera plan`: what publishing the layer files would do. */
export const plan = (terminal: Terminal, given: Decisions): Promise<Outcome> => withDeployment(terminal, async (deployment) => {
  const candidate = await candidateLayers(deployment, decisions(given))
  const { base, steps, problems, same } = await planned(deployment, candidate)
  const { conflicts, outdated } = candidate
  const isSettled = conflicts.length + outdated.length === 0
  const code = problems.length > 0 ? exitCodes.failed : same && isSettled ? exitCodes.done : exitCodes.different
  const text = [problems.length > 0 ? findingLines(problems) : same ? `Version ${base} is what the files say. Nothing to publish.` : planLines(base, steps), ...(isSettled ? [] : [upgradeLines(candidate), upgradeAdvice(candidate)])].join('\n')
  return { code, value: { base, steps: steps as unknown as Json, problems: problems as unknown as Json, conflicts: conflicts as unknown as Json, outdated: outdated.map((one) => ({ ...one })) }, text }
})

async function planned({ engine }: Deployment, { layers, findings }: Candidate) {
  const model = engine.current.get()
  if (findings.length > 0) return { base: model.version, steps: [], problems: findings, same: false }
  const prepared = prepare(model, (await layersInForce(engine.database, model)).layers, layers)
  return { ...(await planOf(engine, prepared)), same: prepared.same }
}

/** `tessera publish`: publishes the layer files. */
export const publish = (terminal: Terminal, options: Decisions & { consent: readonly string[]; consentAll: boolean; message: string }): Promise<Outcome> => withDeployment(terminal, async (deployment) => {
  const { engine } = deployment
  const candidate = await candidateLayers(deployment, decisions(options))
  const { layers, findings, conflicts, outdated } = candidate
  if (findings.length > 0) return { code: exitCodes.failed, value: { problems: findings as unknown as Json }, text: findingLines(findings) }
  if (conflicts.length + outdated.length > 0) return { code: exitCodes.different, value: { conflicts: conflicts as unknown as Json, outdated: outdated.map((one) => ({ ...one })) }, text: `${upgradeLines(candidate)}\nNothing was published.\n${upgradeAdvice(candidate)}` }
  try {
    const published = await publishLayers(engine, { layers, base: engine.current.get().version, consent: options.consentAll ? 'all' : options.consent, message: options.message, by: null })
    const text = published.changed ? `${planLines(published.version - 1, published.steps)}\nPublished as version ${published.version}.` : `Nothing to publish: version ${published.version} is what the files say.`
    return { code: exitCodes.done, value: { version: published.version, changed: published.changed, steps: published.steps as unknown as Json }, text }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return refused(error)
  }
})

/** `tessera upgrade`: puts the files of upper layers on top of what the lower ones say now. */
export const upgrade = (terminal: Terminal, given: Decisions): Promise<Outcome> => withDeployment(terminal, async ({ engine, config }) => {
  const { layers, findings } = await layersFromFiles(config)
  if (findings.length > 0) return { code: exitCodes.failed, value: { problems: findings as unknown as Json }, text: findingLines(findings) }
  const decide = decisions(given)
  const upgraded = upgradeLayers((await layersInForce(engine.database, engine.current.get())).layers, layers, decide)
  const conflicts = upgraded.conflicts.filter(({ layer, path }) => decide(layer, path) === undefined)
  if (conflicts.length > 0) return { code: exitCodes.different, value: { conflicts: conflicts as unknown as Json, files: [] }, text: `${upgradeLines({ conflicts, outdated: [] })}\nNo file was changed.\n${upgradeAdvice({ conflicts, outdated: [] })}` }
  const written = await Promise.all(upgraded.layers.map((layer, at) => rewriteLayer(config.layers[at] ?? '', layers[at]?.documents ?? {}, layer)))
  const files = written.flat()
  return { code: exitCodes.done, value: { conflicts: [], files }, text: files.length === 0 ? 'The files fit already.' : `Written:\n${files.map((file) => `  ${file}`).join('\n')}` }
})

function refused(problem: Problem): Outcome {
  const missing = problem.extra['missing']
  const steps = problem.extra['steps']
  const value: Json = { code: problem.code, title: problem.message, problems: problem.problems as unknown as Json, ...problem.extra }
  if (problem.code === 'definitions.blocked') return { code: exitCodes.failed, value, text: `${planLines(null, (steps ?? []) as unknown as readonly PlanStep[])}\n${problem.message}. ${problem.fix}` }
  if (problem.code !== 'definitions.consent' || !Array.isArray(missing)) return { code: exitCodes.failed, value, text: `${problem.message}. ${problem.fix}\n${findingLines(problem.problems)}`.trimEnd() }
  const agree = missing.map((key: Json) => `--consent '${typeof key === 'string' ? key : ''}'`).join(' ')
  return { code: exitCodes.different, value, text: `${planLines(null, (steps ?? []) as unknown as readonly PlanStep[])}\n${problem.message}. To agree: tessera publish ${agree}` }
}

/** `tessera diff A B`: version numbers, `files`, `published`, or layer folders. */
export const diff = (terminal: Terminal, a: string, b: string): Promise<Outcome> => withDeployment(terminal, async (deployment) => {
  const changes = changesBetween(await documentsOf(deployment, a), await documentsOf(deployment, b))
  return { code: changes.length === 0 ? exitCodes.done : exitCodes.different, value: { changes: changes as unknown as Json }, text: changes.length === 0 ? 'The same.' : changes.map(changeLine).join('\n') }
})

async function documentsOf(deployment: Deployment, name: string): Promise<Documents> {
  const { engine, config } = deployment
  if (name === 'published') return engine.current.get().documents
  if (name === 'files') return mergeLayers((await layersFromFiles(config)).layers).documents
  if (/^\d+$/.test(name)) return mergeLayers((await readLayers(engine.database.read, Number(name))).layers).documents
  const isFolder = await stat(name).then((entry) => entry.isDirectory(), () => false)
  if (!isFolder) throw new Problem('request.invalid', { reason: `${name} is neither a version number, "files", "published" nor a folder` })
  return mergeLayers([await readLayer(name, basename(resolve(name)))]).documents
}

/** `tessera export DIR`: the published layers as files, each in its own folder; or one; or all merged. */
export const exportLayers = (terminal: Terminal, folder: string, options: { layer?: string; merged: boolean }): Promise<Outcome> => withDeployment(terminal, async ({ engine }) => {
  const model = engine.current.get()
  const { layers } = await layersInForce(engine.database, model)
  const chosen = chosenLayers(layers, model.documents, options)
  for (const { layer, at } of chosen) await writeLayer(join(folder, at), layer)
  const files = chosen.reduce((count, { layer }) => count + Object.keys(layer.documents).length, 0)
  return { code: exitCodes.done, value: { version: model.version, layers: chosen.map(({ layer }) => layer.name), files }, text: `Version ${model.version}: ${files} files in ${folder}.` }
})

function chosenLayers(layers: readonly Layer[], merged: Documents, options: { layer?: string; merged: boolean }): readonly { readonly layer: Layer; readonly at: string }[] {
  if (options.merged) return [{ layer: { name: 'merged', documents: merged }, at: '' }]
  if (options.layer === undefined) return layers.map((layer) => ({ layer, at: layer.name }))
  const found = layers.find((layer) => layer.name === options.layer)
  if (found === undefined) throw new Problem('request.invalid', { reason: `there is no layer ${options.layer}; there are: ${layers.map(({ name }) => name).join(', ')}` })
  return [{ layer: found, at: '' }]
}

/** `tessera types [FILE]`: TypeScript types of the records. */
export const types = (terminal: Terminal, file: string | undefined): Promise<Outcome> => withDeployment(terminal, async ({ engine }) => {
  const text = recordTypes(engine.current.get())
  if (file === undefined) return { code: exitCodes.done, value: { types: text }, text: text.trimEnd() }
  await writeFile(file, text)
  return { code: exitCodes.done, value: { file, version: engine.current.get().version }, text: `Types of version ${engine.current.get().version} in ${file}.` }
})

export const findingLines = (findings: readonly Finding[]): string => findings.map(({ path, message, code }) => `${path}\n  ${message} (${code})`).join('\n')

export function planLines(base: number | null, steps: readonly PlanStep[]): string {
  const rows = steps.map((step) => [step.safety, step.key, impactText(step)])
  const head = base === null ? [] : [steps.length === 0 ? `Version ${base} changes only in which layer says what.` : `On top of version ${base}:`]
  return [...head, ...(rows.length === 0 ? [] : [table(rows)])].join('\n')
}

const waiting = { nobody: 'in the background', saving: 'who saves waits', opening: 'who opens or saves these records waits' } as const

function impactText({ change, fields, from, to, rows, takes, failing, programs, references }: PlanStep): string {
  const parts = [
    change ?? fields?.join(', ') ?? '',
    from !== undefined || to !== undefined ? `${from ?? ''} → ${to ?? ''}` : '',
    rows === undefined ? '' : `${rows} rows`,
    takes === undefined ? '' : `about ${(takes.milliseconds / 1_000).toFixed(1)} s, ${waiting[takes.waits]}`,
    programs === undefined ? '' : `API tokens: ${programs.join(', ')}`,
    failing === undefined || failing.count === 0 ? '' : `${failing.count} values do not fit, e.g. ${failing.samples.map(({ id, value }) => `${JSON.stringify(value)} (record ${id})`).join(', ')}`,
    references === undefined ? '' : `used in ${references.join(', ')}`,
  ]
  return parts.filter((part) => part !== '').join('; ')
}

function changeLine({ path, before, after }: DefinitionChange): string {
  const sign = before === undefined ? '+' : after === undefined ? '-' : '~'
  const shown = before === undefined ? JSON.stringify(after) : after === undefined ? JSON.stringify(before) : `${JSON.stringify(before)} → ${JSON.stringify(after)}`
  return `${sign} ${path}  ${shown}`
}
