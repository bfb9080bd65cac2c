/** Clears away what no record holds: uploads after a day, files that were taken out of a record after a month. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { deleteUseless, forgetLostUses, uselessIds } from '../../storage/own/files.js'
import { addJob } from '../../storage/own/jobs.js'
import type { Engine } from '../call.js'
import type { Chunk, JobKind } from '../jobs/contract.js'
import { nudge } from '../jobs/runner.js'
import { fileFields } from '../rights/files.js'
import { pictureSizes } from './images.js'

const hour = 3_600_000
export const sweepLimits = { uploadedHours: 24, removedHours: 30 * 24 } as const
const filesAtOnce = 200

interface State extends JsonObject {
  readonly cleared: number
}

/** The job. Contents go after the commit that forgot them: one that is left over wastes space, one too few would be lost. */
export const fileSweep: JobKind<JsonObject, State> = {
  kind: 'files.sweep',
  async *chunks({ engine }, state) {
    const before = (hours: number): Date => new Date(Date.now() - hours * hour)
    const [uploaded, held] = [before(sweepLimits.uploadedHours), before(sweepLimits.removedHours)]
    let cleared = state?.cleared ?? 0
    for (;;) {
      const ids = await uselessIds(engine.database.read, uploaded, held, filesAtOnce)
      if (ids.length === 0) return
      let free: readonly string[] = []
      const chunk: Chunk<State> = async (tx) => {
        free = await deleteUseless(tx, ids, uploaded, held)
        return { checkpoint: { cleared: cleared + ids.length }, done: cleared + ids.length, total: null }
      }
      yield chunk
      cleared += ids.length
      for (const hash of free) for (const key of [hash, ...pictureSizes.map((size) => `${hash}.${String(size)}`)]) await engine.files.remove(key)
    }
  },
}

/** Asks for the job when there is something to clear away. */
export async function requestSweep(engine: Engine, at: Date = new Date()): Promise<void> {
  const { database } = engine
  const withFiles = [...engine.current.get().entities.values()].filter((entity) => fileFields(entity).length > 0)
  if (withFiles.length > 0) {
    await database.write(async (tx) => {
      for (const entity of withFiles) await forgetLostUses(tx, entity)
    })
  }
  const due = await uselessIds(database.read, new Date(at.getTime() - sweepLimits.uploadedHours * hour), new Date(at.getTime() - sweepLimits.removedHours * hour), 1)
  if (due.length === 0) return
  await database.write((tx) => addJob(tx, { kind: fileSweep.kind, input: {}, owner: null, key: fileSweep.kind }, at))
  nudge(database)
}

/** Looks every hour; the returned function ends that. */
export function beginSweeping(engine: Engine): () => void {
  const look = (): void => void requestSweep(engine).catch((error: unknown) => engine.log.warn({ err: error }, 'files that nobody needs could not be looked for'))
  const timer = setInterval(look, hour).unref()
  return () => clearInterval(timer)
}
