/** Tells those who look after workflows that runs failed: of each workflow once a day, however many fail. */
import { systemText, translator } from '../../forms/texts.js'
import { resolve, unrestricted } from '../../model/conditions/resolve.js'
import type { Model } from '../../model/model.js'
import type { Executor } from '../../storage/contract.js'
import { idsWhere } from '../../storage/derived.js'
import { bindingsOf, systemActor } from '../call.js'
import { notify } from '../notifications/tell.js'
import { languagesOf } from '../people/languages.js'

const toldMost = 50
const failedText = 'Runs of the workflow “{name}” fail. Studio › Processes › Runs says where and why.'

/** In the unit in which runs of these workflows failed. */
export async function tellOfFailures(tx: Executor, model: Model, workflows: Iterable<string>, at: Date): Promise<void> {
  const names = [...new Set(workflows)].toSorted()
  if (names.length === 0) return
  const languages = await languagesOf(tx, model, await designers(tx, model, at), at)
  for (const name of names) {
    const { title = name } = model.workflows.get(name)?.document ?? {}
    const texts = new Map([...languages].map(([user, locale]) => [user, systemText('workflow.failed', locale, failedText).replace('{name}', () => translator(model, locale)(`workflows/${name}.json`, '/document/title', title))]))
    await notify(tx, { texts, cause: `workflow failed ${name} ${at.toISOString().slice(0, 10)}` }, null, at)
  }
}

/** Those who may design, and so may look and repair. */
async function designers(tx: Executor, model: Model, at: Date): Promise<readonly number[]> {
  const user = model.entities.get('user')
  const roles = [...model.roles].flatMap(([name, { design }]) => (design === true ? [name] : []))
  if (user === undefined || roles.length === 0) return []
  const rows = resolve(model, user.name, { $or: roles.map((role) => ({ roles: { $contains: role } })), active: true, archivedAt: null }, unrestricted(model), '')
  return idsWhere(tx, user, rows, toldMost, bindingsOf(systemActor, at))
}
