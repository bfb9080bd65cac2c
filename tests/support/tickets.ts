/** The help desk of `tests/packs/lifecycle`: an agent and their boss, and tickets that go through their states. */
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { startApp, type App } from './app.js'
import type { Answer, Client } from './client.js'
import type { DatabaseKind } from './databases.js'

export const tickets = '/api/records/ticket'
export const idOf = (answer: Answer): number => (answer.body as { id: number }).id

export interface HelpDesk {
  readonly app: App
  readonly agent: Client
  readonly boss: Client
  /** Id of the agent. */
  readonly me: number
}

/** Whoever opens it closes its `app`. */
export async function helpDesk(database: DatabaseKind): Promise<HelpDesk> {
  const app = await startApp({ database, layers: ['metadata/core', 'tests/packs/lifecycle'] })
  const agent = await app.as(['agent'], { desk: 'a' })
  return { app, agent, boss: await app.as(['boss'], { desk: 'a' }), me: idOf(await agent.get('/api/session')) }
}

/** A new ticket. @throws when it is refused */
export async function newTicket(who: Client, values: JsonObject = {}): Promise<number> {
  const made = await who.post(tickets, { subject: 'A ticket', desk: 'a', ...values })
  if (made.status !== 201) throw new Error(made.text)
  return idOf(made)
}

export const transit = (who: Client, id: number, name: string, body?: Json, headers: Readonly<Record<string, string>> = {}): Promise<Answer> => who.post(`${tickets}/${String(id)}/transitions/${name}`, body, headers)
