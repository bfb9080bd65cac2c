/**
 * jq, the language that documents of the DSL use by default. It runs as WebAssembly in a thread of its own, so that an expression
 * that never ends stops nothing but itself. Expressions reach no file, no network and no environment of ours.
 */
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type { Json, JsonObject } from '../../../metadata/contract/json.js'

/** What one expression may cost. */
export const jqLimits = { milliseconds: 2_000, outputLength: 1_000_000 } as const

/** Uses of one instance before it is made anew, as it never gives memory back. */
const usesMost = 5_000

/** The thread: one answer per message, in order. A memory that is used up aborts the instance, and the next message gets another one. */
const source = `
const { parentPort, workerData } = require('node:worker_threads')
const { loadJq } = require(workerData.library)
let jq, uses = 0
parentPort.on('message', async ({ id, text, filter }) => {
  let answer
  try {
    if (jq === undefined || ++uses > ${String(usesMost)}) { jq = await loadJq(); uses = 0 }
    parentPort.postMessage({ id, began: true })
    const { stdout, stderr, exitCode } = jq.raw(text, filter, ['-c'])
    answer = exitCode === 0 ? (stdout.length > ${String(jqLimits.outputLength)} ? { failed: 'It gives too much' } : { stdout }) : { failed: stderr || 'It stopped' }
  } catch {
    jq = undefined
    answer = { failed: 'It needs too much memory' }
  }
  parentPort.postMessage({ id, ...answer })
})
`

interface Question {
  readonly text: string
  readonly filter: string
  readonly resolve: (stdout: string) => void
  readonly reject: (error: Error) => void
}

interface Answer {
  readonly id: number
  readonly began?: true
  readonly stdout?: string
  readonly failed?: string
}

const library = (): string => createRequire(import.meta.url).resolve('jq-wasm')

let worker: Worker | undefined
let timer: NodeJS.Timeout | undefined
let lastId = 0
/** Questions that were sent, in order; only the first one is being worked on. */
const open = new Map<number, Question>()

/**
 * The value of a jq expression over `data`; `names` are its variables without the sign. Several values are given as a list,
 * none as null.
 * @throws Error in the words of jq
 */
export async function jq(expression: string, data: Json, names: JsonObject): Promise<Json> {
  const variables = Object.keys(names)
  const bound = variables.map((name) => `${name}: $${name}`).join(', ')
  const filter = variables.length === 0 ? `.data | (${expression}\n)` : `. as {names: {${bound}}} | .data | (${expression}\n)`
  const stdout = await ask(JSON.stringify({ data, names }), filter)
  const values = stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Json)
  return values.length > 1 ? values : values[0] ?? null
}

function ask(text: string, filter: string): Promise<string> {
  return new Promise((resolve, reject) => {
    lastId += 1
    open.set(lastId, { text, filter, resolve, reject })
    thread().postMessage({ id: lastId, text, filter }, [])
  })
}

function thread(): Worker {
  if (worker !== undefined) return worker
  const made = new Worker(source, { eval: true, workerData: { library: library() }, env: {}, resourceLimits: { maxOldGenerationSizeMb: 256 } })
  made.unref()
  made.on('message', (answer: Answer) => hear(answer))
  // A thread that dies by itself answers nothing more: who waits is told, and the next question starts another one.
  made.on('error', () => fail(made, 'It could not be computed'))
  worker = made
  return made
}

function hear({ id, began, stdout, failed }: Answer): void {
  clearTimeout(timer)
  if (began === true) {
    timer = setTimeout(() => overdue(id), jqLimits.milliseconds)
    return
  }
  const question = open.get(id)
  open.delete(id)
  if (stdout === undefined) question?.reject(new Error(readable(failed ?? '')))
  else question?.resolve(stdout)
}

/** Stops the thread with the expression that takes too long, and asks what waited behind it once more. */
function overdue(id: number): void {
  const late = open.get(id)
  open.delete(id)
  restart()
  late?.reject(new Error(`It takes longer than ${String(jqLimits.milliseconds / 1000)} seconds`))
  for (const [next, { text, filter }] of open) thread().postMessage({ id: next, text, filter }, [])
}

function fail(dead: Worker, reason: string): void {
  if (worker !== dead) return
  restart()
  const waiting = [...open.values()]
  open.clear()
  for (const { reject } of waiting) reject(new Error(reason))
}

function restart(): void {
  clearTimeout(timer)
  void worker?.terminate()
  worker = undefined
}

/** jq's message without its own name and without what we put around the expression. */
const readable = (stderr: string): string =>
  (stderr.split('\n')[0] ?? '').replace(/^jq: error(?: \(at [^)]*\))?: /, '').replace(/ at <top-level>, line \d+, column \d+:?$/, '').slice(0, 500)
