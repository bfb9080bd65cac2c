/** Publishes in a process that kills itself (-9) before its n-th statement, or before the commit. Arguments: address, n. */
import { publishStepwise } from './crash-publish.js'

const [, , url = '', n = '0'] = process.argv
await publishStepwise(url, (statement) => statement === Number(n) && process.kill(process.pid, 'SIGKILL'))
process.stdout.write('published')
