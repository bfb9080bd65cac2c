/** Seals texts with a key of the operator (AES-256-GCM): a copy of the database without that key tells none of them. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { Problem } from '../../errors.js'

/** A key with the name by which what it sealed is known. */
export interface VaultKey {
  readonly id: string
  /** 32 bytes. */
  readonly key: Uint8Array
}

/** The first seals; all of them open. */
export type Vault = readonly [VaultKey, ...VaultKey[]]

const nonceBytes = 12
const tagBytes = 16

/** @param about what the text is: what was sealed for one thing cannot be put in the place of another */
export function seal([{ id, key }]: Vault, text: string, about: string): string {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return `${id}.${Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')}`
}

/** @throws Problem secret.sealed when the key is not there, or it was sealed for something else */
export function unseal(vault: Vault, sealed: string, about: string): string {
  const key = vault.find(({ id }) => id === keyIn(sealed))
  if (key === undefined) throw new Problem('secret.sealed', { key: keyIn(sealed) })
  const bytes = Buffer.from(sealed.slice(keyIn(sealed).length + 1), 'base64url')
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.key, bytes.subarray(0, nonceBytes)).setAAD(Buffer.from(about)).setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
    return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]).toString('utf8')
  } catch (error) {
    throw new Problem('secret.sealed', { key: key.id }, { cause: error })
  }
}

/** Id of the key that a text was sealed with. */
export const keyIn = (sealed: string): string => sealed.slice(0, Math.max(0, sealed.indexOf('.')))
