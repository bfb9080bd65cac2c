/** Imports as tests need them: send a file, wait for what it becomes. */
import { expect } from 'vitest'

import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { address, type Answer, type Client } from './client.js'

/** An import as it is told. */
export interface Imported extends JsonObject {
  readonly id: number
  readonly undone: { readonly keptIds: readonly number[] } | null
}

export type FileContent = string | Uint8Array<ArrayBuffer>

/** Sends a file; `query` has `entity` and what else the address takes. */
export const send = (who: Client, content: FileContent, query: Readonly<Record<string, Json>>): Promise<Answer> =>
  who.request('POST', address('/api/imports', { name: 'file.csv', ...query }), { raw: content, headers: { 'content-type': 'application/octet-stream' } })

/** The same; gives the import. @throws when it was refused */
export async function sent(who: Client, content: FileContent, query: Readonly<Record<string, Json>>): Promise<Imported> {
  const answer = await send(who, content, query)
  if (answer.status >= 300) throw new Error(answer.text)
  return answer.body as Imported
}

/** Waits until the job of an import is over and gives the import. */
export async function over(who: Client, { id }: Imported, what: 'job' | 'check' | 'undo' = 'job'): Promise<Imported> {
  const look = async (): Promise<Imported> => (await who.get(`/api/imports/${id}`)).body as Imported
  await expect.poll(async () => /^(done|failed|cancelled)$/.test(((await look())[what] as { readonly state: string } | null)?.state ?? ''), { timeout: 60_000, interval: 20 }).toBe(true)
  return look()
}
