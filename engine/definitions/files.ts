/** A layer as a folder of JSON files. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { formatDocument, isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { Problem, type Finding } from '../errors.js'
import { sameJson } from '../model/equal.js'
import { finding } from '../model/findings.js'
import { limits } from '../model/limits.js'
import { parsePath, reservedFolders } from '../model/paths.js'
import type { Layer, LayerDocuments } from './layers.js'

/** Folders of definitions among the reserved ones; the others hold what no definition kind of this version reads. */
const definitionFolders: ReadonlySet<string> = new Set(['roles', 'texts', 'dashboards', 'calendars', 'workflows', 'segments'])

/**
 * Reads the definitions in `folder`. A file that is no JSON object, or that no kind of definition goes by, is a finding
 * and is left out; other kinds of files are ignored. Throws only when the folder itself cannot be read.
 */
export async function readLayer(folder: string, name: string): Promise<Layer & { readonly findings: readonly Finding[] }> {
  const documents: Record<string, JsonObject | null> = {}
  const findings: Finding[] = []
  for (const path of await jsonFiles(folder)) {
    if (parsePath(path) === null) {
      findings.push(finding(`${path}#`, 'document.unknown'))
      continue
    }
    const text = await readFile(join(folder, path), 'utf8')
    const document = parseDocument(path, text, findings)
    if (document !== undefined) documents[path] = document
  }
  return { name, documents, findings }
}

/**
 * The layers in the folders of TESSERA_LAYERS, lowest first, each called like its folder.
 * @throws Problem definitions.folder naming the folder that cannot be read
 */
export const configuredLayers = (folders: readonly string[]): Promise<readonly (Layer & { readonly findings: readonly Finding[] })[]> =>
  Promise.all(folders.map((folder) => readLayer(folder, basename(resolve(folder))).catch((error: unknown): never => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    throw new Problem('definitions.folder', { folder: resolve(folder), reason: code === 'ENOENT' ? 'it is not there' : code === 'ENOTDIR' ? 'it is no folder' : error instanceof Error ? error.message : String(error) }, { cause: error })
  })))

async function jsonFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => isDefinition(path))
    .sort((a, b) => (a < b ? -1 : 1))
}

function isDefinition(path: string): boolean {
  const [first = ''] = path.split('/')
  return path.split('/').length <= 2 && (!reservedFolders.has(first) || definitionFolders.has(first)) && path !== 'package.json'
}

function parseDocument(path: string, text: string, findings: Finding[]): JsonObject | null | undefined {
  if (Buffer.byteLength(text) > limits.documentBytes) {
    findings.push(finding(`${path}#`, 'document.tooLarge', { limit: '1 MB' }))
    return undefined
  }
  try {
    const value = JSON.parse(text) as Json
    if (value === null || isObject(value)) return value
    findings.push(finding(`${path}#`, 'document.json', { reason: 'it is not an object { … }' }))
  } catch (error) {
    findings.push(finding(`${path}#`, 'document.json', { reason: jsonProblem(text, error) }))
  }
  return undefined
}

/** Where the JSON breaks, by line, as a person looks for it. */
function jsonProblem(text: string, error: unknown): string {
  const message = error instanceof Error ? error.message : ''
  const position = /position (\d+)/.exec(message)?.[1]
  const end = position === undefined ? text.length : Number(position)
  const before = text.slice(0, end).split('\n')
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1} is where it stops making sense`
}

/** Writes a layer so that `readLayer` gives the same documents; definitions in the folder that the layer does not have are removed. */
export async function writeLayer(folder: string, layer: Layer): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const path of await jsonFiles(folder)) {
    if (parsePath(path) !== null && !Object.hasOwn(layer.documents, path)) await rm(join(folder, path))
  }
  for (const [path, document] of Object.entries(layer.documents)) await writeDocument(folder, path, document)
}

/** Writes only the documents of a layer that differ from those in its folder (`was`). Gives the files written or removed. */
export async function rewriteLayer(folder: string, was: LayerDocuments, { documents }: Layer): Promise<readonly string[]> {
  const paths = [...new Set([...Object.keys(was), ...Object.keys(documents)])].filter((path) => !sameJson(was[path], documents[path]))
  for (const path of paths) {
    const document = documents[path]
    if (document === undefined) await rm(join(folder, path))
    else await writeDocument(folder, path, document)
  }
  return paths.map((path) => join(folder, path))
}

async function writeDocument(folder: string, path: string, document: JsonObject | null): Promise<void> {
  if (parsePath(path) === null || path.split('/').includes('..')) throw new Error(`${path} is not the path of a definition`)
  const target = join(folder, path)
  await mkdir(dirname(target), { recursive: true })
  await writeFile(target, formatDocument(document))
}
