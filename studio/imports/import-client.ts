/** Requests of the import screens. */
import type { Client } from '../client/client.js'
import type { Answer } from '../client/api.js'
import { ApiProblem } from '../client/problem.js'
import type { RejectedRow } from './rejected-file.js'
import type { ImportColumn, Imported, ImportHabits, ImportMode, ImportReading, Likeness, Preview } from './import-state.js'

const root = '/api/imports'

interface RejectedPage {
  readonly rows: readonly RejectedRow[]
  readonly next: number | null
}

export interface Changes {
  readonly reading?: Partial<ImportReading>
  readonly habits?: Partial<ImportHabits>
  readonly mode?: ImportMode
  readonly key?: string | null
  readonly columns?: readonly ImportColumn[]
  readonly alike?: Likeness
}

export const importRequests = ({ api }: Client) => ({
  list: async (entity: string, signal?: AbortSignal): Promise<readonly Imported[]> =>
    (await api.get<{ readonly imports: readonly Imported[] }>(root, { query: { entity }, ...(signal === undefined ? {} : { signal }) })).body.imports,
  get: async (id: number): Promise<Imported> => (await api.get<Imported>(`${root}/${id}`)).body,
  change: async (id: number, changes: Changes): Promise<Imported> => (await api.patch<Imported>(`${root}/${id}`, changes)).body,
  preview: async (id: number): Promise<Preview> => (await api.get<Preview>(`${root}/${id}/preview`)).body,
  begin: async (id: number, what: 'check' | 'start' | 'undo'): Promise<Imported> => (await api.post<Imported>(`${root}/${id}/${what}`, {})).body,
  cancel: async (job: number): Promise<void> => void (await api.post(`/api/jobs/${job}/cancel`, {})),
  resume: async (job: number): Promise<void> => void (await api.post(`/api/jobs/${job}/resume`, {})),
  discard: async (id: number): Promise<void> => void (await api.delete(`${root}/${id}`)),
  /** Rows that were not accepted, page after page. */
  rejected: async function* (id: number): AsyncGenerator<RejectedRow> {
    for (let after: number | null = -1; after !== null; ) {
      const { body }: Answer<RejectedPage> = await api.get<RejectedPage>(`${root}/${id}/rejected`, { query: { format: 'json', after } })
      yield* body.rows
      after = body.next
    }
  },
  /** Sends a file; `progress` hears the share that is sent. A request of its own kind, as `fetch` tells no progress. */
  send: (entity: string, file: File, progress: (share: number) => void): Promise<Imported> =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest()
      request.open('POST', api.address(root, { entity, name: file.name }))
      request.setRequestHeader('content-type', 'application/octet-stream')
      request.upload.addEventListener('progress', (event) => progress(event.lengthComputable ? event.loaded / event.total : 0))
      request.addEventListener('load', () => {
        const body = parsed(request.responseText)
        if (request.status === 201) resolve(body as unknown as Imported) // what the address answers with this status
        else reject(new ApiProblem(request.status, textOf(body['code'], 'network.answer'), textOf(body['title'], request.statusText), body as ConstructorParameters<typeof ApiProblem>[3]))
      })
      request.addEventListener('error', () => reject(new ApiProblem(0, 'network.failed', 'The server does not answer')))
      request.send(file)
    }),
})

const textOf = (value: unknown, fallback: string): string => (typeof value === 'string' ? value : fallback)

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}
