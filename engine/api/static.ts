/** The studio's files: known by name when the first is asked for, so that no path reaches anything else. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { Problem } from '../errors.js'
import { contentOf, type Content } from './compression.js'
import type { ApiResponse, OpenRequest, OpenRoute } from './handler.js'
import { pageHeaders } from './headers.js'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.map': 'application/json; charset=utf-8',
}

const compressible = new Set(['.html', '.js', '.css', '.json', '.svg', '.map', '.ttf', '.webmanifest'])

interface Asset {
  readonly headers: Readonly<Record<string, string>>
  readonly etag: string
  readonly content: Content
}

/** Names that belong to the API, however they are spelled: never answered with the studio's page. */
const notPages = /^\/(api|schemas|healthz|readyz|metrics)(\/|$)/i

/** Files of `folder`; every other address that looks like a page of the studio gets its index. */
export function staticRoute(folder: string): OpenRoute {
  let known: Promise<ReadonlySet<string>> | undefined
  const assets = new Map<string, Promise<Asset>>()
  const assetAt = (name: string): Promise<Asset> => {
    const kept = assets.get(name) ?? readAsset(folder, name)
    assets.set(name, kept)
    return kept
  }
  return {
    method: 'GET',
    path: '/*page',
    open: true,
    async handle(request) {
      known ??= fileNames(folder)
      const name = request.path === '/' ? 'index.html' : request.path.slice(1)
      const names = await known
      const found = names.has(name) ? name : isPage(request.path) && names.has('index.html') ? 'index.html' : undefined
      if (found === undefined) throw new Problem('request.path')
      try {
        return await answer(request, await assetAt(found))
      } catch (thrown) {
        // Mostly the studio was built anew beneath us: pages that are opened now get the new one.
        known = undefined
        assets.clear()
        throw isGone(thrown) ? new Problem('request.path') : thrown
      }
    },
  }
}

const isGone = (thrown: unknown): boolean => thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT'

/** A page has no file extension. */
const isPage = (path: string): boolean => !notPages.test(path) && !/\.[^/]*$/.test(path)

async function answer(request: OpenRequest, asset: Asset): Promise<ApiResponse> {
  if (request.headers['if-none-match'] === asset.etag) return { status: 304, headers: asset.headers }
  const { headers, bytes } = await asset.content.for(request.headers['accept-encoding']?.toString())
  return { status: 200, headers: { ...asset.headers, ...headers }, bytes }
}

async function fileNames(folder: string): Promise<ReadonlySet<string>> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    return new Set(entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1).replaceAll('\\', '/')))
  } catch {
    return new Set() // not built: an engine without a studio
  }
}

async function readAsset(folder: string, name: string): Promise<Asset> {
  const bytes = await readFile(join(folder, name))
  const extension = extname(name)
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
  // Vite puts a hash of the content into the names of assets.
  const immutable = name.startsWith('assets/')
  return {
    etag,
    content: contentOf(bytes, compressible.has(extension)),
    headers: {
      ...pageHeaders,
      'Content-Type': types[extension] ?? 'application/octet-stream',
      'Cache-Control': immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      'ETag': etag,
      'Vary': 'Accept-Encoding',
    },
  }
}
