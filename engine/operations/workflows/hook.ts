/** Runs that another system begins by a signed message. */
import { createHash, randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { WorkflowDefinition } from '../../../metadata/contract/definitions.gen.js'
import type { Json } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import { valueErrors } from '../../model/validation.js'
import type { Model } from '../../model/model.js'
import { forgetMarks, takeMark } from '../../storage/own/hooks.js'
import * as runs from '../../storage/own/runs.js'
import type { Engine } from '../call.js'
import { toleranceMilliseconds, verified, type Signed } from '../outbound/hook-signatures.js'
import { secretNamed } from '../secrets/secrets.js'
import { addRun } from './begin.js'

/** How long a message is remembered whose signature knows no time. */
const timelessMilliseconds = 30 * 86_400_000
/** Signs for hooks that do not exist: they take as long as those that do. */
const nobody = randomBytes(32).toString('base64url')

/** A message that is theirs, and what it begins. */
export interface Knock {
  readonly name: string
  readonly definition: WorkflowDefinition
  readonly model: Model
  readonly signed: Signed
  readonly at: Date
}

/**
 * Whose message it is, before anything of it is read. A hook that does not exist answers like one that the message is not for.
 * @throws Problem hook.refused
 */
export async function knock(engine: Engine, name: string, { headers, bytes }: { readonly headers: IncomingHttpHeaders; readonly bytes: Buffer }, at: Date): Promise<Knock> {
  // No session tells of a newer version here, so a hook that is not found is looked for in it.
  if (engine.current.get().workflows.get(name)?.schedule?.hook === undefined) await engine.refresh()
  const model = engine.current.get()
  const definition = model.workflows.get(name)
  const { secret: of, scheme = 'standard' } = definition?.schedule?.hook ?? {}
  const secret = of === undefined ? null : await secretNamed(engine, of).catch((error: unknown) => {
    engine.log.warn({ hook: name, err: error }, 'the secret of a hook cannot be used')
    return null
  })
  const signed = verified(scheme, secret ?? nobody, headers, bytes, at)
  if (definition === undefined || secret === null || signed === null) throw new Problem('hook.refused')
  return { name, definition, model, signed, at }
}

/**
 * Begins the run with what was sent. The same message sent anew (another time, the same id) is answered with the run that it began.
 * @throws Problem record.invalid when it does not fit the schema of the workflow's input, hook.refused when it was taken before
 */
export async function enter(engine: Engine, { name, definition, model, signed, at }: Knock, body: Json): Promise<number> {
  const schema = definition.input?.schema?.document
  const errors = schema === undefined ? [] : valueErrors(schema, body)
  if (errors.length > 0) throw new Problem('record.invalid', {}, { problems: errors.map(({ path, problem }) => ({ path, code: 'record.invalid', message: `${path === '' ? 'It' : path} ${problem}.` })) })
  const mark = createHash('sha256').update(`${name} ${signed.mark}`).digest('base64url')
  const cause = signed.id === null ? null : `hook ${name} ${signed.id.slice(0, 200)}`
  return engine.database.write(async (tx) => {
    if (!(await takeMark(tx, mark, new Date(at.getTime() + (signed.at === null ? timelessMilliseconds : 2 * toleranceMilliseconds))))) throw new Problem('hook.refused')
    await forgetMarks(tx, at)
    const begun = await addRun(tx, model, { name, definition, input: body, cause, depth: 0 }, at) ?? (cause === null ? null : await runs.runOfCause(tx, cause))
    if (begun === null) throw new Error('a run neither began nor was there')
    return begun
  })
}
