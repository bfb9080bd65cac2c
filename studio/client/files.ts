/** Files over the API: sending one with progress, and addresses of contents, asked for together. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import type { Api } from './api.js'
import { ApiProblem } from './problem.js'
import { Store } from './store.js'

export type PictureSize = 96 | 320 | 1200

/** The field of an entity that a file is meant for, or that holds it. */
export interface FilePlace {
  readonly entity: string
  readonly field: string
}

/** Addresses are good for five minutes at least; they are asked for anew before that. */
const keptMilliseconds = 4 * 60_000

interface Batch {
  readonly records: Set<number>
  readonly answer: Promise<Readonly<Record<string, string>>>
}

/** Requests about files. */
export class Files {
  readonly #api: Api
  readonly #batches = new Map<string, Batch>()
  readonly #known = new Map<string, { readonly address: Promise<string | null>; readonly at: number }>()
  /** Uploads that are running. A form that is saved meanwhile would lose them. */
  readonly running = new Store(0)

  constructor(api: Api) {
    this.#api = api
  }

  /** Sends a file and gives it as it stands in a record; `progress` is told the part that is sent, from 0 to 1. Throws `ApiProblem`, or AbortError. */
  async upload(place: FilePlace, file: File, progress: (part: number) => void, signal: AbortSignal): Promise<JsonObject> {
    this.running.set(this.running.value + 1)
    try {
      return await this.#send(this.#api.address('/api/files', { ...place, name: file.name }), file, progress, signal)
    } finally {
      this.running.set(this.running.value - 1)
    }
  }

  // `fetch` tells nothing of what was sent so far.
  #send(address: string, file: File, progress: (part: number) => void, signal: AbortSignal): Promise<JsonObject> {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest()
      const stop = (): void => request.abort()
      signal.addEventListener('abort', stop, { once: true })
      request.open('POST', address)
      request.setRequestHeader('content-type', 'application/octet-stream')
      request.upload.addEventListener('progress', (event) => {
        if (event.lengthComputable) progress(event.loaded / event.total)
      })
      request.addEventListener('load', () => {
        const body = parsed(request.responseText)
        const { url: _url, ...facts } = body
        if (request.status === 201) resolve(facts)
        else reject(new ApiProblem(request.status, typeof body['code'] === 'string' ? body['code'] : 'network.answer', typeof body['title'] === 'string' ? body['title'] : request.statusText, body, null))
      })
      request.addEventListener('error', () => reject(new ApiProblem(0, 'network.failed', 'The server does not answer')))
      request.addEventListener('abort', () => reject(new DOMException('The upload was stopped', 'AbortError')))
      request.addEventListener('loadend', () => signal.removeEventListener('abort', stop))
      request.send(file)
    })
  }

  /** Address of a content that a record holds; null when it may not be read, or is no picture where a size is asked for. */
  address({ entity, field }: FilePlace, record: number, file: number, size?: PictureSize): Promise<string | null> {
    const group = `${entity}/${field}/${size ?? ''}`
    const key = `${group}/${record}/${file}`
    const known = this.#known.get(key)
    if (known !== undefined && Date.now() - known.at < keptMilliseconds) return known.address
    let batch = this.#batches.get(group)
    if (batch === undefined) {
      const records = new Set<number>()
      // What is drawn in the same moment is asked for in one request.
      const answer = new Promise<void>((resolve) => setTimeout(resolve)).then(() => {
        this.#batches.delete(group)
        return this.#ask({ entity, field }, [...records], size)
      })
      batch = { records, answer }
      this.#batches.set(group, batch)
    }
    batch.records.add(record)
    const address = batch.answer.then((links) => links[String(file)] ?? null)
    this.#known.set(key, { address, at: Date.now() })
    return address
  }

  async #ask(place: FilePlace, records: readonly number[], size: PictureSize | undefined): Promise<Readonly<Record<string, string>>> {
    try {
      const { body } = await this.#api.post<{ readonly links: Readonly<Record<string, string>> }>('/api/files/links', { ...place, records, ...(size === undefined ? {} : { size }) })
      return body.links
    } catch {
      return {} // the name and the kind are shown without a picture
    }
  }
}

function parsed(text: string): JsonObject {
  try {
    const value = JSON.parse(text) as Json
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}
