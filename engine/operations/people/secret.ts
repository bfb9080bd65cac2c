/** The key that seals page markers. */
import { secret } from '../../storage/own/secrets.js'
import type { Engine } from '../call.js'

export const cursorKey = (engine: Engine): Promise<Uint8Array> => secret(engine.database, 'cursor')
