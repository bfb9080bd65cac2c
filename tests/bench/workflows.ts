/** W1: how many runs of a workflow of three steps come to their end in a second, each step written before the next one begins. */
import type { Client } from '../support/client.js'

const definition = {
  document: { dsl: '1.0.3', namespace: 'bench', name: 'three', version: '1.0.0', metadata: { role: 'admin' } },
  evaluate: { language: 'cel' },
  do: [
    { find: { call: 'crm.find', with: { entity: 'store', limit: 1 } } },
    { task: { call: 'crm.task', with: { title: '${ "Visit " + data[0].name }' } } },
    { done: { set: { task: '${ data.id }' } } },
  ],
}

/** Starts `count` runs and waits for the last one. */
export async function runWorkflows(admin: Client, count: number): Promise<number> {
  await expected(admin.patch('/api/definitions/draft', [{ op: 'add', path: '/workflows~1three.json', value: definition }]), 200)
  await expected(admin.post('/api/definitions/publish', { message: 'benchmark' }), 201)
  const begin = performance.now()
  for (let start = 0; start < count; start += 20) await Promise.all(Array.from({ length: Math.min(20, count - start) }, () => expected(admin.post('/api/workflows/three/runs', {}), 202)))
  while ((await ended(admin)) < count) await new Promise((resolve) => setTimeout(resolve, 20))
  return count / ((performance.now() - begin) / 1000)
}

async function ended(admin: Client): Promise<number> {
  const { runs } = (await expected(admin.get('/api/workflows/three'), 200)).body as { readonly runs: { readonly completed?: number; readonly faulted?: number } }
  if ((runs.faulted ?? 0) > 0) throw new Error('a run of the benchmark failed')
  return runs.completed ?? 0
}

async function expected(asked: ReturnType<Client['get']>, status: number): ReturnType<Client['get']> {
  const answer = await asked
  if (answer.status !== status) throw new Error(`${String(answer.status)} ${answer.text}`)
  return answer
}
