/**
 * Addresses of contents: given out to who reads the record that holds the file, good for some minutes, and then enough by
 * themselves. So a browser shows pictures without a cookie, and an address that was passed on does not live long.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { Problem } from '../../errors.js'
import type { FileFacts } from '../../fields/contract.js'
import { all } from '../../model/conditions/predicate.js'
import { appendEvents } from '../../storage/audit/events.js'
import type { Range } from '../../storage/files/contract.js'
import { filesById, usesOf, type StoredFile } from '../../storage/own/files.js'
import { secret } from '../../storage/own/secrets.js'
import * as records from '../../storage/records.js'
import type { Call, Engine } from '../call.js'
import { idOf } from '../records/row.js'
import { accessTo, granted, idIn } from '../rights/rights.js'
import { selectionOf } from '../rights/selection.js'
import { isPicture, pictureSizes, smallerPicture, type PictureSize } from './images.js'
import { withWorkingFile } from './incoming.js'
import { addressName } from './names.js'

export type { Range } from '../../storage/files/contract.js'

export const linkLimits = { recordsMax: 500 } as const
/** Addresses end at the turn of a slot, the second one from now: so the same picture keeps its address for a while. */
const slotMilliseconds = 5 * 60_000

export interface LinkRequest {
  readonly entity: string
  readonly field: string
  readonly records: readonly number[]
  readonly archived: boolean
  /** A smaller picture; files that are none get no address then. */
  readonly size?: PictureSize
}

/**
 * File id → address, for the files that these records hold in this field, as far as the caller reads both.
 * @throws Problem request.path, access.field, access.denied
 */
export async function links(call: Call, request: LinkRequest): Promise<Readonly<Record<string, string>>> {
  const access = accessTo(call, request.entity)
  const field = access.entity.fields.get(request.field)
  if (field?.type.files === undefined || access.field(request.field)?.how !== 'full') throw new Problem('access.field', { field: request.field })
  const selection = selectionOf(call.model, call.access, access, { fields: ['id', field.key] })
  const rows = request.archived ? all(access.rows, granted(access.archive)) : access.rows
  const query = { entity: access.entity, rows: all(rows, idIn(access.entity, request.records)), archived: request.archived ? ('only' as const) : ('without' as const), selection, sort: [], limit: linkLimits.recordsMax }
  const { records: found } = await records.list(call.engine.database.read, query, call.bindings)
  const held = found.flatMap((record) => filesIn(record[field.key]).map((file) => ({ record: idOf(record), file })))
  if (field.sensitive && request.size === undefined && held.length > 0) {
    const detail = { fields: [field.id], files: held.map(({ file }) => file.id) }
    await call.engine.database.write((tx) => appendEvents(tx, [{ action: 'downloaded', by: call.actor.id, at: call.at, entity: access.entity.id, records: held.map(({ record }) => record), detail }]))
  }
  const sign = await signer(call.engine)
  return Object.fromEntries(held.filter(({ file }) => request.size === undefined || isPicture(file.type)).map(({ file }) => [String(file.id), sign(file, request.size ?? 'full', call.at)]))
}

const filesIn = (value: unknown): readonly FileFacts[] => (Array.isArray(value) ? (value as readonly FileFacts[]) : value === null || value === undefined ? [] : [value as FileFacts]) // values of a type of files

/** An address of a file that was just uploaded, for who uploaded it. */
export async function ownLink(call: Call, file: FileFacts): Promise<string> {
  return (await signer(call.engine))(file, 'full', call.at)
}

type Variant = PictureSize | 'full'

async function signer(engine: Engine): Promise<(file: FileFacts, variant: Variant, at: Date) => string> {
  const key = await secret(engine.database, 'files')
  return (file, variant, at) => {
    const until = (Math.floor(at.getTime() / slotMilliseconds) + 2).toString(36)
    return `/files/${String(file.id)}/${until}.${String(variant)}.${signature(key, file.id, until, String(variant))}/${addressName(file.name)}`
  }
}

const signature = (key: Uint8Array, id: number, until: string, variant: string): string => createHmac('sha256', key).update(`file ${String(id)} ${until} ${variant}`).digest('base64url')

export interface Opened {
  readonly file: StoredFile
  /** Media type of what is sent: smaller pictures are WebP. */
  readonly type: string
  /** Bytes of the whole. */
  readonly size: number
  readonly tag: string
  read(range?: Range): Promise<AsyncIterable<Uint8Array>>
}

/**
 * What an address leads to.
 * @throws Problem file.missing for an address that was not given out, is too old, or whose file is gone
 */
export async function openLink(engine: Engine, id: number, signed: string, at: Date = new Date()): Promise<Opened> {
  const [, until = '', name = '', given = ''] = /^([0-9a-z]{1,12})\.([a-z0-9]{2,4})\.([\w-]{43})$/.exec(signed) ?? []
  const expected = signature(await secret(engine.database, 'files'), id, until, name)
  if (given.length !== expected.length || !timingSafeEqual(Buffer.from(given), Buffer.from(expected))) throw new Problem('file.missing')
  if (Number.parseInt(until, 36) * slotMilliseconds < at.getTime()) throw new Problem('file.missing')
  const file = (await filesById(engine.database.read, [id])).get(id)
  if (file === undefined || !(await isThere(engine, file))) throw new Problem('file.missing')
  const size = pictureSizes.find((known) => String(known) === name)
  const key = size === undefined ? file.hash : await smaller(engine, file, size)
  const bytes = await engine.files.size(key)
  if (bytes === null) throw new Problem('file.missing')
  return { file, type: size === undefined ? file.type : 'image/webp', size: bytes, tag: key, read: (range) => engine.files.read(key, range) }
}

/** A file whose record was erased is gone at once, though its content may stay until it is cleared away. */
async function isThere(engine: Engine, file: StoredFile): Promise<boolean> {
  if ((await usesOf(engine.database.read, [file.id])).some(({ live }) => live)) return true
  return Date.now() - Date.parse(file.createdAt) < 24 * 3_600_000
}

/** The smaller picture, made when it is not there yet. Gives its name in the store. */
async function smaller(engine: Engine, file: StoredFile, size: PictureSize): Promise<string> {
  const key = `${file.hash}.${String(size)}`
  if ((await engine.files.size(key)) !== null) return key
  await withWorkingFile((whole) => withWorkingFile(async (small) => {
    await copy(await engine.files.read(file.hash), whole)
    await smallerPicture(whole, small, size)
    await engine.files.put(key, small)
  }))
  return key
}

const copy = (content: AsyncIterable<Uint8Array>, path: string): Promise<void> => writeFile(path, content, { mode: 0o600 })
