/** Moves runs until it is ended, or killed. Arguments: address, layers. */
import { openEngine } from '../../engine/compose.js'
import { readConfig } from '../../engine/config.js'
import { beginDeciding } from '../../engine/operations/approvals/decide.js'
import { beginRunning } from '../../engine/workflows/runner.js'

const [, , url = '', layers = ''] = process.argv
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const engine = await openEngine(readConfig({ DATABASE_URL: url, TESSERA_LAYERS: layers, TESSERA_OUTBOUND_ALLOW: '127.0.0.1:*', TESSERA_SECRET_SHOP: 'whsec_YSBzZWNyZXQgdGhhdCB0aGUgc2hvcCBrbm93cw==' }), quiet)
beginRunning(engine, { pollMilliseconds: 20 })
beginDeciding(engine)
setInterval(() => undefined, 1_000) // until somebody ends it
