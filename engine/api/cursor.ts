/**
 * Page markers: the sort values of the last record, sealed. Nobody can read or change them, and they are good only
 * for the same user, the same question and the same metadata version.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import type { Json } from '../../metadata/contract/json.js'
import { Problem } from '../errors.js'

const cipher = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/** What a marker is good for. */
export interface CursorScope {
  readonly userId: number | null
  /** Address and query without the marker. */
  readonly question: string
  readonly metadataVersion: number
  /** The roles it was made with. */
  readonly roles: string
}

export interface CursorSeal {
  seal(cells: readonly Json[], scope: CursorScope): string
  /** @throws Problem query.cursor for anything that `seal` did not make for this scope */
  open(cursor: string, scope: CursorScope): readonly Json[]
}

/** @param key 32 random bytes, the same on every process of a deployment */
export function cursorSeal(key: Uint8Array): CursorSeal {
  return {
    seal(cells, scope) {
      const nonce = randomBytes(nonceBytes)
      const encrypt = createCipheriv(cipher, key, nonce).setAAD(binding(scope))
      const sealed = Buffer.concat([encrypt.update(JSON.stringify(cells), 'utf8'), encrypt.final()])
      return Buffer.concat([nonce, encrypt.getAuthTag(), sealed]).toString('base64url')
    },
    open(cursor, scope) {
      try {
        const bytes = Buffer.from(cursor, 'base64url')
        const decrypt = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes }).setAAD(binding(scope))
        decrypt.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
        const text = Buffer.concat([decrypt.update(bytes.subarray(nonceBytes + tagBytes)), decrypt.final()]).toString('utf8')
        return JSON.parse(text) as readonly Json[] // authenticated: it is what `seal` wrote
      } catch {
        throw new Problem('query.cursor')
      }
    },
  }
}

const binding = (scope: CursorScope): Buffer => createHash('sha256').update(JSON.stringify([scope.userId, scope.question, scope.metadataVersion, scope.roles])).digest()
