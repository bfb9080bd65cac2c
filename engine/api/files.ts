/** `/api/files`: uploading, and addresses of contents; `/files/...`: the contents, by those addresses alone. */
import type { Json } from '../../metadata/contract/json.js'
import { Problem } from '../errors.js'
import type { Engine } from '../operations/call.js'
import { isPicture, pictureSizes, type PictureSize } from '../operations/files/images.js'
import { linkLimits, links, openLink, ownLink, type LinkRequest, type Opened, type Range } from '../operations/files/links.js'
import { disposition } from '../operations/files/names.js'
import { upload } from '../operations/files/upload.js'
import { onlyMembers } from './body.js'
import type { ApiRequest, ApiResponse, OpenRequest, Route } from './handler.js'
import { onlyParameters, recordId } from './query.js'

/** The routes of files. */
export const fileRoutes = (engine: Engine): readonly Route[] => [
  { method: 'POST', path: '/api/files', raw: true, handle: uploadFile },
  { method: 'POST', path: '/api/files/links', reads: true, handle: async ({ call, body }) => ({ status: 200, body: { links: await links(call, linkRequest(body)) } }) },
  { method: 'GET', path: '/files/:id/:signature/:name', open: true, handle: (request) => serve(engine, request) },
]

async function uploadFile({ call, query, content, headers }: ApiRequest): Promise<ApiResponse> {
  onlyParameters(query, new Set(['name', 'entity', 'field']))
  const [name, entity, field] = ['name', 'entity', 'field'].map((key) => query.get(key))
  if (!name) throw new Problem('query.invalid', { reason: 'name is the name of the file' })
  if ((entity === null) !== (field === null)) throw new Problem('query.invalid', { reason: 'entity and field belong together' })
  if (content === undefined || headers['content-encoding'] !== undefined) throw new Problem('request.type')
  const length = Number(headers['content-length'] ?? 0)
  if (length > call.engine.fileMax) throw new Problem('file.tooLarge', { limit: `${call.engine.fileMax / 1_000_000} MB` })
  const target = entity && field ? { target: { entity, field } } : {}
  const file = await upload(call, { name, content, ...target })
  return { status: 201, body: { ...file, url: await ownLink(call, file) } }
}

function linkRequest(body: Json | undefined): LinkRequest {
  const { entity, field, records, size, archived = false } = onlyMembers(body, 'entity', 'field', 'records', 'size', 'archived')
  if (typeof entity !== 'string' || typeof field !== 'string') throw new Problem('request.invalid', { reason: 'entity and field must be names' })
  const ids = Array.isArray(records) ? records.filter((id): id is number => Number.isSafeInteger(id) && Number(id) > 0) : []
  if (!Array.isArray(records) || ids.length !== records.length || ids.length > linkLimits.recordsMax) throw new Problem('request.invalid', { reason: `records must be a list of at most ${linkLimits.recordsMax} ids` })
  const wanted: PictureSize | undefined = pictureSizes.find((known) => known === size)
  if (size !== undefined && wanted === undefined) throw new Problem('request.invalid', { reason: `size must be one of ${pictureSizes.join(', ')}` })
  if (typeof archived !== 'boolean') throw new Problem('request.invalid', { reason: 'archived must be true or false' })
  return { entity, field, records: ids, archived, ...(wanted === undefined ? {} : { size: wanted }) }
}

/** Shown in the browser: pictures and PDF. Everything else is saved, whatever it is called. */
const isShown = (type: string): boolean => isPicture(type) || type === 'application/pdf'
/** A viewer of PDF does not work in a sandbox; it runs nothing of the page's. */
const pdfPolicy = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"

async function serve(engine: Engine, { params, headers }: OpenRequest): Promise<ApiResponse> {
  const opened = await openLink(engine, recordId(params['id']), params['signature'] ?? '')
  const tag = `"${opened.tag}"`
  const fixed = { ETag: tag, 'Cache-Control': 'private, max-age=300', 'Accept-Ranges': 'bytes' }
  if (headers['if-none-match'] === tag) return { status: 304, headers: fixed }
  const range = rangeOf(headers.range, opened.size, headers['if-range'], tag)
  const sent = range === undefined ? opened.size : range.to - range.from + 1
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...fixed, ...contentHeaders(opened), 'Content-Length': String(sent),
      ...(range === undefined ? {} : { 'Content-Range': `bytes ${range.from}-${range.to}/${opened.size}` }),
    },
    stream: await opened.read(range),
  }
}

function contentHeaders({ file, type }: Opened): Readonly<Record<string, string>> {
  const shown = isShown(type)
  return {
    // What a browser might run is sent as what it cannot run.
    'Content-Type': shown ? type : /html|svg|xml|script/.test(type) ? 'application/octet-stream' : type === 'text/plain' ? 'text/plain; charset=utf-8' : type,
    'Content-Disposition': disposition(shown ? 'inline' : 'attachment', file.name),
    ...(type === 'application/pdf' ? { 'Content-Security-Policy': pdfPolicy, 'X-Frame-Options': 'SAMEORIGIN' } : {}),
  }
}

/** One part of the content; several at once, or what is no range, are answered with the whole. @throws Problem file.range */
function rangeOf(header: string | undefined, size: number, ifRange: string | readonly string[] | undefined, tag: string): Range | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? []
  if ((first === '' && last === '') || (ifRange !== undefined && ifRange !== tag)) return undefined
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const to = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (from > to || from >= size) throw new Problem('file.range')
  return { from, to }
}
