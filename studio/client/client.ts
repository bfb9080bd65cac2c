/** What screens are handed: the requests and stores of one signed-in page. Made once by `main.ts`, passed down as a property. */
import { Api } from './api.js'
import { Approvals } from './approvals.js'
import { Files } from './files.js'
import { Inbox } from './inbox.js'
import { Model } from './model.js'
import { Names, Records } from './records.js'
import { Session } from './session.js'
import { Views } from './views.js'

export interface Client {
  readonly api: Api
  readonly session: Session
  readonly model: Model
  readonly records: Records
  readonly names: Names
  readonly files: Files
  readonly views: Views
  readonly inbox: Inbox
  readonly approvals: Approvals
}

export function createClient(origin = ''): Client {
  const api = new Api(origin)
  const records = new Records(api)
  const model = new Model(api)
  return { api, session: new Session(api), model, inbox: new Inbox(api, model), records, names: new Names(records), files: new Files(api), views: new Views(api), approvals: new Approvals(api) }
}

/** Asks for what every screen needs, all at once and before the code is there that shows it. What fails is met by whoever needs it. */
export function askAhead({ session, model, views }: Client): void {
  for (const asked of [session.restore(), model.ready(), views.ready()]) asked.catch(() => {})
}
