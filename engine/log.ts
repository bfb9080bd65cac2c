/** Log lines as JSON on standard error, written in the background so that no request waits for a terminal. */
import { pino } from 'pino'
import type { Config } from './config.js'
import type { Log } from './operations/call.js'

/** What is still in memory is written when the process ends. */
export function jsonLog(level: Config['logLevel']): Log {
  const destination = pino.destination({ dest: 2, sync: false, minLength: 4096 })
  const timer = setInterval(() => destination.flush(), 1000)
  timer.unref()
  process.on('exit', () => destination.flushSync())
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination)
}
