/** Passwords: Argon2id with the parameters OWASP recommends, and a check that takes the same time for nobody. */
import { randomBytes } from 'node:crypto'
import { passwordRules } from '../../../metadata/contract/account.js'
import { Problem } from '../../errors.js'

const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
/** Longer input is refused before it costs anything. */
const longestBytes = 1024

/** Loaded with the first password: a start does not need it. */
const argon = () => import('@node-rs/argon2')

/** The PHC string that is stored. */
export const hashPassword = async (password: string): Promise<string> => (await argon()).hash(password, parameters)

/** True when the password fits. `stored` null (no such user, no password): as slow as a real check, and false. */
export async function passwordFits(stored: string | null, password: string): Promise<boolean> {
  if (Buffer.byteLength(password) > longestBytes) return false
  const { verify } = await argon()
  const fits = await verify(stored ?? (await nobody()), password).catch(() => false)
  return fits && stored !== null
}

/** Refuses a new password that is too short or too long, naming the member `at` (a JSON Pointer). */
export function acceptPassword(password: string, at: string): void {
  const length = [...password].length
  if (length >= passwordRules.shortest && Buffer.byteLength(password) <= longestBytes) return
  throw new Problem('record.invalid', {}, { problems: [{ path: at, code: 'password', message: `A password has at least ${passwordRules.shortest} characters and at most ${longestBytes} bytes.` }] })
}

/** A password for printing once: 20 characters, no look-alikes, some 115 bits. */
export function randomPassword(): string {
  const alphabet = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
  // 224 is the largest multiple of the alphabet below 256: bytes above it would favour some letters.
  const letters = [...randomBytes(64)].filter((byte) => byte < 224).map((byte) => alphabet[byte % alphabet.length])
  return letters.slice(0, 20).join('')
}

let nobodyHash: Promise<string> | undefined
const nobody = (): Promise<string> => (nobodyHash ??= hashPassword(randomBytes(16).toString('hex')))
