/** Bytes that come in: written to a working file while they are counted and hashed, never held in memory. */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isUtf8 } from 'node:buffer'
import { Problem } from '../../errors.js'

export interface Received {
  readonly size: number
  /** SHA-256, hexadecimal. */
  readonly hash: string
  /** Media type by content. */
  readonly type: string
}

/** How long a sender may be silent, and how long the whole may take. */
const silenceMilliseconds = 30_000
const wholeMilliseconds = 15 * 60_000
/** Bytes that tell the kind of a file. */
const headBytes = 8_192

/** Runs `work` with the path of a working file of its own, which is gone afterwards. */
export async function withWorkingFile<T>(work: (path: string) => Promise<T>): Promise<T> {
  const folder = join(tmpdir(), 'tessera-files')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, randomUUID())
  try {
    return await work(path)
  } finally {
    await rm(path, { force: true })
  }
}

/** @throws Problem file.tooLarge, file.refused (empty, too slow), request.invalid (broken off), storage.full */
export async function receive(content: AsyncIterable<Uint8Array>, path: string, max: number): Promise<Received> {
  const file = await open(path, 'w', 0o600)
  const hash = createHash('sha256')
  const head: Uint8Array[] = []
  let [size, headSize] = [0, 0]
  try {
    for await (const piece of steady(content)) {
      size += piece.length
      if (size > max) throw new Problem('file.tooLarge', { limit: `${String(max / 1_000_000)} MB` })
      hash.update(piece)
      if (headSize < headBytes) {
        head.push(piece)
        headSize += piece.length
      }
      await file.write(piece).catch((error: unknown) => {
        throw unwritten(error)
      })
    }
  } finally {
    await file.close()
  }
  if (size === 0) throw new Problem('file.refused', { reason: 'it is empty' })
  return { size, hash: hash.digest('hex'), type: await typeOf(Buffer.concat(head).subarray(0, headBytes)) }
}

/** The same facts of a file that is there. */
export const measured = (path: string): Promise<Omit<Received, 'type'>> => hashed(createReadStream(path))

/** Size and hash of a content. */
export async function hashed(content: AsyncIterable<Uint8Array>): Promise<Omit<Received, 'type'>> {
  const hash = createHash('sha256')
  let size = 0
  for await (const piece of content) {
    size += piece.length
    hash.update(piece)
  }
  return { size, hash: hash.digest('hex') }
}

/** No space is told; what else a disk does wrong is none of the sender's faults. */
const unwritten = (cause: unknown): unknown => (cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC' ? new Problem('storage.full', {}, { cause }) : cause)

/** The pieces, as long as they keep coming. */
async function* steady(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = content[Symbol.asyncIterator]()
  const end = Date.now() + wholeMilliseconds
  for (;;) {
    let timer: NodeJS.Timeout | undefined
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Problem('file.refused', { reason: 'it came too slowly' })), Math.max(1, Math.min(silenceMilliseconds, end - Date.now())))
    })
    try {
      const next = await Promise.race([pieces.next(), silence]).catch((cause: unknown) => {
        throw cause instanceof Problem ? cause : new Problem('request.invalid', { reason: 'it ended too early' }, { cause })
      })
      if (next.done === true) return
      yield next.value
    } finally {
      clearTimeout(timer)
    }
  }
}

/** What a file is, by its first bytes; the name says nothing. */
async function typeOf(head: Buffer): Promise<string> {
  const { fileTypeFromBuffer } = await import('file-type')
  const known = await fileTypeFromBuffer(head).catch(() => undefined)
  if (known !== undefined && known.mime !== 'application/xml') return known.mime
  if (head.includes(0) || !isUtf8(head.subarray(0, wholeLetters(head)))) return known?.mime ?? 'application/octet-stream'
  const text = head.toString('utf8').trimStart().toLowerCase()
  if (/<svg[\s>]/.test(text)) return 'image/svg+xml'
  if (/^<(?:!doctype html|html|head|body|script|iframe|!--)/.test(text)) return 'text/html'
  return known?.mime ?? 'text/plain'
}

/** The head may end inside of a letter. */
function wholeLetters(bytes: Buffer): number {
  let end = bytes.length
  while (end > Math.max(0, bytes.length - 4) && (bytes[end - 1] ?? 0) >= 0x80) end -= 1
  return end
}
