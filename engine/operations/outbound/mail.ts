/** Mail to the outside, by the server that the operator names. */
import { createTransport } from 'nodemailer'
import { Problem } from '../../errors.js'

/** What the operator decided. */
export interface MailSettings {
  /** `smtp://user:password@host:587` or `smtps://...`. */
  readonly server: string
  /** Address that stands as the sender. */
  readonly from: string
}

export interface Mail {
  readonly to: readonly string[]
  readonly subject: string
  /** Plain text. */
  readonly text: string
  /** Says to the servers on the way that it is the same mail. */
  readonly key: string
}

/** Most receivers of one mail; milliseconds that a server may be silent. */
export const mailLimits = { receivers: 50, milliseconds: 10_000 } as const

/**
 * Gives the mail to the server.
 * @returns who it was accepted for, and who was refused
 * @throws Problem mail.unset, mail.refused and mail.failed (nothing was sent), mail.unknown
 */
export async function sendMail(settings: MailSettings | null, mail: Mail): Promise<{ readonly accepted: readonly string[]; readonly rejected: readonly string[] }> {
  if (settings === null) throw new Problem('mail.unset')
  const { milliseconds } = mailLimits
  const transport = createTransport({ url: settings.server, connectionTimeout: milliseconds, greetingTimeout: milliseconds, socketTimeout: milliseconds * 2, disableFileAccess: true, disableUrlAccess: true })
  try {
    const sent = await transport.sendMail({ from: settings.from, to: [...mail.to], subject: mail.subject, text: mail.text, messageId: `<${mail.key}@${settings.from.split('@').at(-1)?.replace(/>$/, '') ?? 'localhost'}>` })
    return { accepted: sent.accepted.map(addressOf), rejected: sent.rejected.map(addressOf) }
  } catch (error) {
    throw problemOf(error)
  } finally {
    transport.close()
  }
}

const addressOf = (one: string | { readonly address: string }): string => (typeof one === 'string' ? one : one.address)

/** What nodemailer tells of a failure: the server's own word, or where the connection was lost. */
interface MailFailure {
  readonly responseCode?: number
  readonly response?: string
  readonly code?: string
  readonly syscall?: string
}

/** Nothing was sent when the server said no, or was never reached. Who was lost in the middle may have got it. */
function problemOf(error: unknown): Problem {
  const { responseCode, response = '', code = '', syscall } = error as MailFailure
  if (responseCode !== undefined || code === 'EENVELOPE') return new Problem('mail.refused', { reason: response.slice(0, 200) || 'there is no valid address' }, { cause: error })
  const reached = !(code === 'EDNS' || code === 'ECONNREFUSED' || syscall === 'connect' || syscall === 'getaddrinfo')
  return new Problem(reached ? 'mail.unknown' : 'mail.failed', {}, { cause: error })
}
