/** Starts the product: settings, database, server; stops it on a signal. */
import { compose } from './compose.js'
import { filesDiffer } from './commands/deployment.js'
import { readConfig } from './config.js'
import { Problem } from './errors.js'
import { firstPublish, firstSample } from './first-start.js'
import { jsonLog } from './log.js'

const config = readConfig(process.env, process.stderr.isTTY)
const log = jsonLog(config.logLevel)
const say = (text: string): void => void process.stdout.write(`${text}\n`)

try {
  const running = await compose(config, log)
  let stopping: Promise<void> | undefined
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      stopping ??= running.close().then(() => process.exit(0))
    })
  }
  const administrator = await firstPublish(running.engine, config)
  const address = await running.listen()
  say(`Tessera is at ${address}`)
  if (administrator !== null) say(`Sign in as ${administrator.email} with the password ${administrator.password}`)
  // What is published runs without its files.
  const differ = await filesDiffer(config, running.engine).catch((error: unknown) => {
    if (!(error instanceof Problem)) throw error
    log.warn({ err: error }, `${error.message}. ${error.fix}`)
    return false
  })
  if (differ) log.warn({ version: running.engine.current.get().version }, 'the layer files say something else than what is published: see `tessera plan`, then `tessera publish`')
  for (const line of await firstSample(running.engine, config)) say(line)
} catch (error) {
  log.error({ err: error }, 'the start failed')
  process.stderr.write(`Tessera could not start: ${error instanceof Problem ? `${error.message}. ${error.fix}` : error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
