/** Contents of files: the folder and the bucket keep the same promises. The bucket is a real HTTP server that checks what it is sent. */
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AwsClient } from 'aws4fetch'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { readConfig } from '../../engine/config.js'
import type { FileStore } from '../../engine/storage/files/contract.js'
import { openFiles } from '../../engine/storage/files/open.js'

const keys = { key: 'AKIDEXAMPLE', secret: 'a secret of tests' }

/** An object store: path-style addresses, signatures of version 4, ranges. */
function bucket(): { readonly server: Server; readonly objects: Map<string, Buffer>; readonly refused: string[] } {
  const objects = new Map<string, Buffer>()
  const refused: string[] = []
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const fault = await signatureFault(request, body)
    if (fault !== null) {
      refused.push(fault)
      response.writeHead(403).end(fault)
      return
    }
    const name = request.url ?? ''
    const known = objects.get(name)
    if (request.method === 'PUT') {
      objects.set(name, body)
      response.writeHead(200).end()
    } else if (request.method === 'DELETE') {
      objects.delete(name)
      response.writeHead(204).end()
    } else if (known === undefined) {
      response.writeHead(404).end()
    } else {
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
      const part = from === undefined ? known : known.subarray(Number(from), Number(to) + 1)
      response.writeHead(from === undefined ? 200 : 206, { 'content-length': part.length }).end(request.method === 'HEAD' ? undefined : part)
    }
  }
  const server = createServer((request, response) => void answer(request, response))
  return { server, objects, refused }
}

/** What is wrong with the signature; null when it is the one that the keys give, and the body is the one that was signed. */
async function signatureFault(request: IncomingMessage, body: Buffer): Promise<string | null> {
  const { authorization = '', 'x-amz-content-sha256': hash, 'x-amz-date': date } = request.headers
  if (hash !== 'UNSIGNED-PAYLOAD' && body.length > 0 && hash !== createHash('sha256').update(body).digest('hex')) return 'the body is not the one that was signed'
  const signed = /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(';') ?? []
  const client = new AwsClient({ accessKeyId: keys.key, secretAccessKey: keys.secret, service: 's3', region: 'eu-test-1' })
  const headers = Object.fromEntries(signed.filter((name) => name !== 'host').map((name) => [name, String(request.headers[name])]))
  const again = await client.sign(`http://${request.headers.host ?? ''}${request.url ?? ''}`, { method: request.method ?? 'GET', headers, aws: { datetime: String(date), allHeaders: true } })
  return again.headers.get('authorization') === authorization ? null : 'the signature is not the one of these keys'
}

describe.each(['folder', 'bucket'] as const)('the %s', (kind) => {
  const { server, objects, refused } = bucket()
  let folder: string
  let store: FileStore
  let address: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tessera-store-'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/my-bucket/crm`
    const settings = kind === 'folder' ? { TESSERA_FILES: join(folder, 'kept') } : { TESSERA_FILES: `s3:${address}`, TESSERA_FILES_KEY: keys.key, TESSERA_FILES_SECRET: keys.secret, TESSERA_FILES_REGION: 'eu-test-1' }
    store = await openFiles(readConfig(settings).files)
  })
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve))
    await rm(folder, { recursive: true })
  })

  const content = Buffer.from('content that is kept, 内容')
  const key = createHash('sha256').update(content).digest('hex')
  const read = async (name: string, range?: { from: number; to: number }): Promise<string> => {
    const pieces: Uint8Array[] = []
    for await (const piece of await store.read(name, range)) pieces.push(piece)
    return Buffer.concat(pieces).toString()
  }
  const put = async (name: string, bytes: Buffer): Promise<void> => {
    const path = join(folder, 'working')
    await writeFile(path, bytes)
    await store.put(name, path)
  }

  test('what is put is there, whole and in parts, until it is removed', async () => {
    expect(await store.size(key)).toBeNull()
    await expect(read(key)).rejects.toMatchObject({ code: 'file.missing' })
    await put(key, content)
    await put(key, content) // once more is the same
    await put(`${key}.96`, Buffer.from('smaller'))
    expect(await store.size(key)).toBe(content.length)
    expect(await read(key)).toBe(content.toString())
    expect(await read(key, { from: 8, to: 11 })).toBe('that')
    expect(await read(`${key}.96`)).toBe('smaller')
    await store.remove(key)
    await store.remove(key)
    expect(await store.size(key)).toBeNull()
    expect(refused).toEqual([])
    if (kind === 'bucket') expect([...objects.keys()]).toEqual([`/my-bucket/crm/${key.slice(0, 2)}/${key}.96`])
  })

  test('wrong keys are refused and told, and name no content', async () => {
    if (kind === 'folder') return
    const other = await openFiles(readConfig({ TESSERA_FILES: `s3:${address}`, TESSERA_FILES_KEY: keys.key, TESSERA_FILES_SECRET: 'wrong', TESSERA_FILES_REGION: 'eu-test-1' }).files)
    await expect(other.size(key)).rejects.toThrow('403')
    expect(() => readConfig({ TESSERA_FILES: 's3:https://host/bucket' })).toThrow('TESSERA_FILES_KEY')
    expect(() => readConfig({ TESSERA_FILES: 's3:host' })).toThrow('TESSERA_FILES')
  })
})
