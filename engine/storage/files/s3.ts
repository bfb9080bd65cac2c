/** Contents of files in a bucket that speaks the S3 protocol. Its address and keys are the operator's; nobody else names them. */
import { openAsBlob } from 'node:fs'
import { stat } from 'node:fs/promises'
import { AwsClient } from 'aws4fetch'
import { Problem } from '../../errors.js'
import type { FileStore } from './contract.js'

export interface S3Settings {
  /** `https://host/bucket`, optionally with a folder: path-style addresses. */
  readonly address: string
  readonly region: string
  readonly key: string
  readonly secret: string
}

/** How long the store may take to begin an answer. */
const patienceMilliseconds = 60_000

/** Contents as objects of a bucket. */
export function s3Store({ address, region, key: accessKeyId, secret: secretAccessKey }: S3Settings): FileStore {
  const client = new AwsClient({ accessKeyId, secretAccessKey, service: 's3', region, retries: 2 })
  const ask = async (method: string, key: string, init: { readonly headers?: Record<string, string>; readonly body?: Blob } = {}): Promise<Response> => {
    const answer = await client.fetch(`${address.replace(/\/$/, '')}/${key.slice(0, 2)}/${key}`, { method, signal: AbortSignal.timeout(patienceMilliseconds), ...init })
    if (answer.ok || answer.status === 404) return answer
    await answer.body?.cancel()
    throw new Error(`The file store answered ${String(answer.status)} to ${method}`)
  }
  const size = async (key: string): Promise<number | null> => {
    const answer = await ask('HEAD', key)
    return answer.ok ? Number(answer.headers.get('content-length') ?? 0) : null
  }
  return {
    place: address,
    size,
    async put(key, path) {
      const bytes = (await stat(path)).size
      if ((await size(key)) === bytes) return
      // A content is named by its hash, which is what the protocol wants signed; for pictures made of it the transport must do.
      const hash = /^[0-9a-f]{64}$/.test(key) ? key : 'UNSIGNED-PAYLOAD'
      const answer = await ask('PUT', key, { body: await openAsBlob(path), headers: { 'X-Amz-Content-Sha256': hash, 'Content-Length': String(bytes) } })
      await answer.body?.cancel()
      if (!answer.ok) throw new Error('The file store has no such bucket')
    },
    async read(key, range) {
      const answer = await ask('GET', key, range === undefined ? {} : { headers: { Range: `bytes=${String(range.from)}-${String(range.to)}` } })
      if (!answer.ok || answer.body === null) throw new Problem('file.missing')
      return answer.body
    },
    async remove(key) {
      await (await ask('DELETE', key)).body?.cancel()
    },
  }
}
