/** Can this process serve: does the database answer, and which metadata version is in force? */
import { currentVersion } from '../../storage/own/versions.js'
import type { Engine } from '../call.js'

/** Never throws. */
export async function readiness(engine: Engine): Promise<{ readonly ready: boolean; readonly metadataVersion: number }> {
  const metadataVersion = engine.current.get().version
  try {
    return { ready: (await currentVersion(engine.database.read)) > 0, metadataVersion }
  } catch {
    return { ready: false, metadataVersion }
  }
}
