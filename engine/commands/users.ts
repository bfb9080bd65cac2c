/** `user` and `token`: who may come in. */
import { text as readAll } from 'node:stream/consumers'
import { addUser, createToken, endToken, resetUser, tokensOf } from '../operations/people/users.js'
import { withDeployment } from './deployment.js'
import { exitCodes, table, type Outcome, type Terminal } from './output.js'

/** A password never stands on the command line, where other users of the machine see it. */
async function passwordFrom({ stdin }: Terminal, isGiven: boolean): Promise<string | null> {
  if (!isGiven) return null
  const password = (await readAll(stdin)).replace(/\r?\n$/, '')
  if (password === '') throw new Error('Standard input gave no password')
  return password
}

const shown = (email: string, password: string, own: string | null): string => (own === null ? `${email} signs in with this password, shown once: ${password}` : `${email} signs in with the given password.`)

/** `tessera user add EMAIL` */
export const add = (terminal: Terminal, email: string, options: { name?: string; role: readonly string[]; passwordStdin: boolean }): Promise<Outcome> => withDeployment(terminal, async ({ engine }) => {
  const own = await passwordFrom(terminal, options.passwordStdin)
  const { id, password } = await addUser(engine, { email, name: options.name ?? email.split('@')[0] ?? email, roles: options.role, password: own })
  return { code: exitCodes.done, value: { id, email, ...(own === null ? { password } : {}) }, text: shown(email, password, own) }
})

/** `tessera user reset EMAIL` */
export const reset = (terminal: Terminal, email: string, options: { passwordStdin: boolean }): Promise<Outcome> => withDeployment(terminal, async ({ engine }) => {
  const own = await passwordFrom(terminal, options.passwordStdin)
  const { id, password, sessionsEnded } = await resetUser(engine, email, own)
  return { code: exitCodes.done, value: { id, email, sessionsEnded, ...(own === null ? { password } : {}) }, text: `${shown(email, password, own)}\n${sessionsEnded} sessions ended.` }
})

/** `tessera token create EMAIL` */
export const create = (terminal: Terminal, email: string, options: { name: string; role: readonly string[]; days?: string }): Promise<Outcome> => withDeployment(terminal, async ({ engine }) => {
  const days = options.days === undefined ? null : Number(options.days)
  if (days !== null && !(days > 0 && days <= 3650)) throw new Error('--days must be a number from 1 to 3650')
  const expiresAt = days === null ? null : new Date(Date.now() + days * 86_400_000)
  const { id, token } = await createToken(engine, { email, name: options.name, roles: options.role, expiresAt })
  return { code: exitCodes.done, value: { id, token, expiresAt: expiresAt?.toISOString() ?? null }, text: `Token ${id}, shown once: ${token}` }
})

/** `tessera token list [EMAIL]` */
export const list = (terminal: Terminal, email: string | undefined): Promise<Outcome> => withDeployment(terminal, async ({ engine }) => {
  const tokens = await tokensOf(engine, email)
  const rows = tokens.map((token) => [String(token.id), `user ${token.userId}`, token.name, token.roles.join(','), token.revokedAt === null ? (token.expiresAt ?? 'no end') : 'revoked'])
  return { code: exitCodes.done, value: { tokens: tokens.map((token) => ({ ...token })) }, text: rows.length === 0 ? 'No tokens.' : table(rows) }
})

/** `tessera token revoke ID` */
export const revoke = (terminal: Terminal, id: string): Promise<Outcome> => withDeployment(terminal, async ({ engine }) => {
  if (!/^\d{1,15}$/.test(id)) throw new Error('The id of a token is a number: see `tessera token list`')
  await endToken(engine, Number(id))
  return { code: exitCodes.done, value: { id: Number(id) }, text: `Token ${id} is revoked.` }
})
