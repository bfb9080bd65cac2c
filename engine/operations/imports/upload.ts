/** A file on its way in: streamed to the working folder, looked at as it passes, never in memory as a whole. */
import { createHash, randomUUID } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '../../errors.js'
import type { Engine } from '../call.js'
import { ByteSurvey } from './files/detect.js'

export interface Received {
  /** Name in the working folder. */
  readonly file: string
  readonly hash: string
  readonly survey: ByteSurvey
}

const prefix = 'import-'

/** @throws Problem request.tooLarge, storage.full */
export async function receive(engine: Engine, content: AsyncIterable<Uint8Array>): Promise<Received> {
  const file = `${prefix}${randomUUID()}`
  const path = pathOf(engine, file)
  const hash = createHash('sha256')
  const survey = new ByteSurvey()
  const handle = await open(path, 'wx')
  try {
    for await (const bytes of content) {
      const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      hash.update(piece)
      survey.add(piece)
      if (survey.bytes > engine.work.importMaxBytes) throw new Problem('request.tooLarge', { limit: `${engine.work.importMaxBytes / 1_000_000} MB` })
      await handle.write(piece)
    }
    await handle.sync()
    return { file, hash: hash.digest('hex'), survey }
  } catch (error) {
    await rm(path, { force: true })
    throw (error as { readonly code?: unknown }).code === 'ENOSPC' ? new Problem('storage.full', {}, { cause: error }) : error
  } finally {
    await handle.close()
  }
}

/** True for names in the working folder that `receive` gave. */
export const isUpload = (name: string): boolean => name.startsWith(prefix)

export const pathOf = (engine: Engine, file: string): string => join(engine.work.folder, file)

export const forget = (engine: Engine, file: string): Promise<void> => rm(pathOf(engine, file), { force: true })
