/** I1 and I2: how fast a file becomes records, and how fast records are found by their key and changed. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '../support/client.js'
import type { Server } from './servers.js'

export interface ImportTimes {
  readonly rowsPerSecond: number
  /** Processor time of the server for one row, all threads. */
  readonly cpuMilliseconds: number
}

const lookMilliseconds = 100
const firstPhone = 4_152_000_000

/** I1: members of some shop who were not there. @param rows how many */
export const createMembers = (admin: Client, server: Server, rows: number): Promise<ImportTimes> => imported(admin, server, csv(rows, 'Berlin'), rows, { mode: 'create', key: null })

/** I2: the same members again, found by their phone number, each with another city. */
export const changeMembers = (admin: Client, server: Server, rows: number): Promise<ImportTimes> => imported(admin, server, csv(rows, 'Hamburg'), rows, { mode: 'upsert', key: 'phone' })

function csv(rows: number, city: string): string {
  const lines = Array.from({ length: rows }, (_, i) => `Imported ${String(i)} Miller,+1${String(firstPhone + i)},imported${String(i)}@example.com,19${String(50 + (i % 50))}-03-1${String(i % 9)},${city},gold,${String(30_000 + i)}`)
  return `name,phone,email,birthday,city,tier,income\n${lines.join('\n')}\n`
}

async function imported(admin: Client, server: Server, content: string, rows: number, settings: { readonly mode: string; readonly key: string | null }): Promise<ImportTimes> {
  const query = new URLSearchParams({ entity: 'member', settings: JSON.stringify(settings), start: 'true' })
  const cpu = await server.cpu()
  const begin = performance.now()
  const { status, text, body } = await admin.request('POST', `/api/imports?${query.toString()}`, { raw: content, headers: { 'content-type': 'text/csv' } })
  if (status !== 202) throw new Error(`${String(status)} ${text}`)
  const { id } = body as { readonly id: number }
  for (;;) {
    await pause(lookMilliseconds)
    const { job, result } = (await admin.get(`/api/imports/${String(id)}`)).body as { readonly job: { readonly state: string }; readonly result: { readonly created: number; readonly updated: number } | null }
    if (job.state === 'waiting' || job.state === 'running') continue
    if (job.state !== 'done' || (result?.created ?? 0) + (result?.updated ?? 0) !== rows) throw new Error(`the import ended as ${job.state} with ${JSON.stringify(result)}`)
    return { rowsPerSecond: (rows * 1000) / (performance.now() - begin), cpuMilliseconds: (((await server.cpu()) - cpu) * 1000) / rows }
  }
}
