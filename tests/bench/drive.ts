/**
 * Drives a server from a process of its own, so that client and server do not share an event loop. Speaks HTTP/1.1 on
 * plain sockets: a full client would cost more than the servers that are measured here.
 */
import { connect, type Socket } from 'node:net'

/** One round of load. */
export interface Round {
  readonly port: number
  readonly connections: number
  readonly milliseconds: number
  /** Whole requests as sent, taken in turns. `{n}` becomes a number of ten digits that counts up. */
  readonly requests: readonly string[]
  /** First `{n}`. */
  readonly from: number
}

export interface RoundResult {
  readonly perSecond: number
  /** How long it lasted. */
  readonly seconds: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Answers that were not 2xx, with the first of them. */
  readonly failures: number
  readonly firstFailure: string
  /** The next `{n}`. */
  readonly next: number
}

interface State {
  readonly latencies: number[]
  failures: number
  firstFailure: string
  turn: number
  next: number
}

async function drive(round: Round): Promise<RoundResult> {
  const state: State = { latencies: [], failures: 0, firstFailure: '', turn: 0, next: round.from }
  const begin = performance.now()
  const end = begin + round.milliseconds
  await Promise.all(Array.from({ length: round.connections }, () => converse(round, state, end)))
  const seconds = (performance.now() - begin) / 1000
  const sorted = state.latencies.sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { perSecond: sorted.length / seconds, seconds, p50: at(0.5), p99: at(0.99), failures: state.failures, firstFailure: state.firstFailure, next: state.next }
}

/** One connection: asks, waits for the whole answer, asks again. */
function converse({ port, requests }: Round, state: State, end: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let received = ''
    let expected = -1
    let sentAt = 0
    const ask = (): void => {
      const request = requests[state.turn++ % requests.length] ?? ''
      received = ''
      expected = -1
      sentAt = performance.now()
      socket.write(request.replaceAll('{n}', () => String(state.next++).padStart(10, '0')))
    }
    // Latin 1: a character is a byte, so lengths agree with Content-Length.
    socket.setEncoding('latin1')
    socket.on('connect', ask)
    socket.on('data', (piece: string) => {
      received += piece
      if (expected === -1) expected = answerLength(received)
      if (expected === -1 || received.length < expected) return
      state.latencies.push(performance.now() - sentAt)
      if (received[9] !== '2') {
        state.failures += 1
        if (state.firstFailure === '') state.firstFailure = received.slice(0, 2000)
      }
      if (performance.now() < end) ask()
      else socket.destroy()
    })
    socket.on('close', () => resolve())
    socket.on('error', reject)
  })
}

/** Length of head and body; -1 while the head is not complete. */
function answerLength(received: string): number {
  const head = received.indexOf('\r\n\r\n')
  if (head === -1) return -1
  const length = /\r\ncontent-length: (\d+)/i.exec(received.slice(0, head))?.[1]
  if (length === undefined) throw new Error(`An answer without Content-Length: ${received.slice(0, head)}`)
  return head + 4 + Number(length)
}

process.on('message', (round: Round) => {
  drive(round).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`)
      process.exit(1)
    },
  )
})
