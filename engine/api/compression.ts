/** Contents that many ask for: compressed once for each encoding, on first use, and kept. */
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

type Encoding = 'br' | 'gzip'

/** Smaller ones fit into the packet that is sent anyway. */
const worthBytes = 1000

export interface Content {
  /** The content as somebody with this `Accept-Encoding` takes it, and the header that says how. Whoever sends it says `Vary: Accept-Encoding`. */
  for(accepted: string | undefined): Promise<{ readonly headers: Readonly<Record<string, string>>; readonly bytes: Uint8Array }>
}

/** @param compressible false for what is compressed by itself, such as pictures */
export function contentOf(bytes: Buffer, compressible = true): Content {
  const kept = new Map<Encoding, Promise<Uint8Array>>()
  return {
    async for(accepted = '') {
      const encoding = compressible && bytes.length > worthBytes ? (['br', 'gzip'] as const).find((one) => accepts(accepted, one)) : undefined
      if (encoding === undefined) return { headers: {}, bytes }
      const made = kept.get(encoding) ?? encode(bytes, encoding)
      kept.set(encoding, made)
      return { headers: { 'Content-Encoding': encoding }, bytes: await made }
    },
  }
}

/** RFC 9110, 12.5.3: named, and not with a weight of nothing. */
const accepts = (accepted: string, encoding: Encoding): boolean => new RegExp(`\\b${encoding}\\b(?!\\s*;\\s*q=0(?:\\.0*)?(?:,|$))`).test(accepted)

const brotli = promisify(brotliCompress)
const gzipped = promisify(gzip)

const encode = (bytes: Buffer, encoding: Encoding): Promise<Uint8Array> =>
  encoding === 'br' ? brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 7, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }) : gzipped(bytes)
