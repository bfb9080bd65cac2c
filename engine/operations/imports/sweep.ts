/** Clears away files that nobody imports any more, from the working folder of this process. */
import { readdir, stat } from 'node:fs/promises'
import { forgetSeen, importOfFile, removeImport, type StoredImport } from '../../storage/own/imports.js'
import { jobById } from '../../storage/own/jobs.js'
import type { Engine } from '../call.js'
import { forget, isUpload, pathOf } from './upload.js'

const hour = 3_600_000
/** `waiting`: it was sent and never imported. `stopped`: its import failed or was cancelled and could go on. `lost`: no import here names it; another system may share the folder. */
export const uploadLimits = { waitingHours: 7 * 24, stoppedHours: 30 * 24, lostHours: 30 * 24 } as const

/** Looks at every uploaded file once. */
export async function sweepUploads(engine: Engine, at: Date = new Date()): Promise<void> {
  for (const file of (await readdir(engine.work.folder)).filter(isUpload)) {
    const sentAt = (await stat(pathOf(engine, file)).catch(() => null))?.mtime
    if (sentAt !== undefined && (await isForgotten(engine, file, sentAt, at))) await forget(engine, file)
  }
}

async function isForgotten(engine: Engine, file: string, sentAt: Date, at: Date): Promise<boolean> {
  const older = (since: Date, hours: number): boolean => at.getTime() - since.getTime() > hours * hour
  const imported = await importOfFile(engine.database.read, file)
  if (imported === null) return older(sentAt, uploadLimits.lostHours)
  if (imported.job === null) return older(sentAt, uploadLimits.waitingHours) && remove(engine, imported)
  const { state, endedAt } = (await jobById(engine.database.read, imported.job)) ?? { state: 'done', endedAt: null }
  return state === 'done' || (endedAt !== null && older(new Date(endedAt), uploadLimits.stoppedHours))
}

/** False when its import has just begun. */
async function remove({ database }: Engine, { id }: StoredImport): Promise<boolean> {
  if (!(await database.write((tx) => removeImport(tx, id)))) return false
  while (await database.write((tx) => forgetSeen(tx, id)));
  return true
}

/** Looks every hour; the returned function ends that. */
export function beginSweepingUploads(engine: Engine): () => void {
  const look = (): void => void sweepUploads(engine).catch((error: unknown) => engine.log.warn({ err: error }, 'uploads that nobody needs could not be looked for'))
  const timer = setInterval(look, hour).unref()
  return () => clearInterval(timer)
}
