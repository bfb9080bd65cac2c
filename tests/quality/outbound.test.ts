import { expect, test } from 'vitest'

import { filesBelow, read } from './sources.js'

/** What opens connections, as it is written in sources. */
const clients = /\bfetch\(|from 'node:(?:https|http2|tls|dgram)'|\bimport \{[^}]*(?<!type )\b(?:request|get)\b[^}]*\} from 'node:http'|import \{[^}]*(?<!type )\b(?:connect|createConnection|Socket)\b[^}]*\} from 'node:net'|from '(?:undici|axios|got|node-fetch|ws|nodemailer)'/

/** The guarded client; and mail and the bucket of files, whose addresses are the operator's. */
const known = ['engine/operations/outbound/mail.ts', 'engine/operations/outbound/request.ts', 'engine/storage/files/s3.ts']

test('A-094 nothing in the engine calls out but the guarded client', () => {
  expect(filesBelow('engine').filter((file) => !file.endsWith('.test.ts') && clients.test(read(file)))).toEqual(known)
})
