/** A layer as an archive of its files, and files back into a layer. The archive library is loaded with the first one. */
import { parsePath } from '../../../metadata/contract/document-path.js'
import { formatDocument, isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'

/** Path → what stands in the file; null removes the definition of the layers below. */
export type LayerFiles = Readonly<Record<string, JsonObject | null>>

/** ZIP knows no time zones and begins here: the same layer gives the same bytes, wherever and whenever. */
const noTime = new Date(1980, 0, 1)

/** The files of a layer in a folder of its name, zipped. The same layer gives the same bytes. */
export async function archiveOf(name: string, layer: LayerFiles): Promise<Uint8Array<ArrayBuffer>> {
  const { strToU8, zipSync } = await import('fflate')
  const files = Object.entries(layer).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([path, document]) => [`${name}/${path}`, strToU8(formatDocument(document))] as const)
  return new Uint8Array(zipSync(Object.fromEntries(files), { mtime: noTime }))
}

/** A file that was chosen: its path in the folder or archive, and what stands in it. */
export interface ChosenFile {
  readonly path: string
  readonly text: string
}

/** The files in an archive. @throws Error when it is none, or holds more than a layer could */
export async function filesIn(archive: Uint8Array): Promise<readonly ChosenFile[]> {
  const { strFromU8, unzipSync } = await import('fflate')
  const most = 50_000_000
  let size = 0
  const files = unzipSync(archive, { filter: ({ name, originalSize }) => {
    if (!name.endsWith('.json')) return false
    size += originalSize
    if (size > most) throw new Error('the archive is too large')
    return true
  } })
  return Object.entries(files).map(([path, bytes]) => ({ path, text: strFromU8(bytes) }))
}

export interface ReadLayer {
  readonly layer: LayerFiles
  /** Files that are no JSON objects. */
  readonly broken: readonly string[]
  /** Files that no definition goes by. */
  readonly ignored: readonly string[]
}

/** What the files say, whatever folders stand around them. Pure. */
export function readFiles(files: readonly ChosenFile[]): ReadLayer {
  const layer: Record<string, JsonObject | null> = {}
  const broken: string[] = []
  const ignored: string[] = []
  const depth = commonFolder(files.map(({ path }) => path))
  for (const { path, text } of files) {
    const own = path.split('/').slice(depth).join('/')
    if (parsePath(own) === null) ignored.push(path)
    else {
      const document = parsed(text)
      if (document === undefined) broken.push(path)
      else layer[own] = document
    }
  }
  return { layer, broken, ignored }
}

/** How many folders stand around the definitions: as few as name the most of them. */
function commonFolder(paths: readonly string[]): number {
  const most = Math.max(0, ...paths.map((path) => path.split('/').length - 1))
  const named = Array.from({ length: most + 1 }, (_, depth) => paths.filter((path) => parsePath(path.split('/').slice(depth).join('/')) !== null).length)
  return named.indexOf(Math.max(...named))
}

function parsed(text: string): JsonObject | null | undefined {
  try {
    const value = JSON.parse(text) as Json
    return value === null || isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
