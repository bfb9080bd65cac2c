/** A mail server of tests: takes what comes, refuses who is called nobody, and hangs up after the text when it is told to. */
import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

export interface MailServer {
  readonly url: string
  readonly port: number
  /** Mails that were taken, as they came. */
  readonly mails: readonly string[]
  /** Hangs up when the text of the next mail has come. */
  hangUp(): void
  close(): Promise<void>
}

export async function startMailServer(port = 0): Promise<MailServer> {
  const mails: string[] = []
  const open = new Set<Socket>()
  let hangs = false
  const server = createServer((socket) => {
    let text = ''
    let inText = false
    const say = (line: string): void => void socket.write(`${line}\r\n`)
    const command = (line: string): void => {
      const verb = line.slice(0, 4).toUpperCase()
      if (verb === 'RCPT' && line.includes('nobody@')) return say('550 5.1.1 there is no such user')
      if (verb === 'DATA') {
        inText = true
        return say('354 go on')
      }
      say(verb === 'QUIT' ? '221 bye' : '250 ok')
    }
    open.add(socket.on('close', () => open.delete(socket)).on('error', () => undefined))
    say('220 tests')
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      for (;;) {
        const end = text.indexOf(inText ? '\r\n.\r\n' : '\r\n')
        if (end < 0) return
        const whole = text.slice(0, end)
        text = text.slice(end + (inText ? 5 : 2))
        if (!inText) {
          command(whole)
          continue
        }
        inText = false
        mails.push(whole)
        if (hangs) return void socket.destroy()
        say('250 taken')
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const { port: own } = server.address() as AddressInfo // listening on TCP
  return {
    url: `smtp://127.0.0.1:${String(own)}`, port: own, mails,
    hangUp: () => (hangs = true),
    close: () => new Promise((resolve) => {
      for (const socket of open) socket.destroy()
      server.close(() => resolve())
    }),
  }
}
