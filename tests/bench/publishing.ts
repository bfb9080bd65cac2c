/** M1 and M2: how long it takes an administrator to change the system while the tables are full. */
import type { Json } from '../../metadata/contract/json.js'
import type { Client } from '../support/client.js'

export interface PublishTimes {
  /** Changing the draft. Milliseconds, as the client waits. */
  readonly draft: readonly number[]
  /** Publishing it. Milliseconds. */
  readonly publish: readonly number[]
}

/** M1: adds a field to the entity with 100,000 records, `times` times. */
export const addFields = (admin: Client, times: number): Promise<PublishTimes> =>
  each(admin, times, (i) => [{ op: 'add', path: `/member~1entity.json/properties/extra${String(i)}`, value: { type: 'string', maxLength: 80, title: `Extra ${String(i)}` } }])

/** M2: makes an entity with ten fields, `times` times. */
export const addEntities = (admin: Client, times: number): Promise<PublishTimes> =>
  each(admin, times, (i) => {
    const fields = Array.from({ length: 10 }, (_, k) => [`field${String(k)}`, k % 2 === 0 ? { type: 'string', maxLength: 80 } : { type: 'integer' }] as const)
    return [{ op: 'add', path: `/visit${String(i)}~1entity.json`, value: { type: 'object', title: `Visit ${String(i)}`, properties: Object.fromEntries(fields), crm: { plural: `Visits ${String(i)}`, display: 'field0' } } }]
  })

async function each(admin: Client, times: number, operations: (i: number) => Json): Promise<PublishTimes> {
  const draft: number[] = []
  const publish: number[] = []
  for (let i = 0; i < times; i++) {
    draft.push(await timed(() => admin.patch('/api/definitions/draft', operations(i)), 200))
    publish.push(await timed(() => admin.post('/api/definitions/publish', { message: 'benchmark' }), 201))
  }
  return { draft, publish }
}

async function timed(ask: () => ReturnType<Client['post']>, status: number): Promise<number> {
  const begin = performance.now()
  const answer = await ask()
  const took = performance.now() - begin
  if (answer.status !== status) throw new Error(`${String(answer.status)} ${answer.text}`)
  return took
}
