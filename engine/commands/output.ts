/** What a command leaves behind: text for people, or one JSON value with `--json`, and an exit code. */
import type { Json } from '../../metadata/contract/json.js'

/** Exit codes that scripts can rely on; `--help` lists them. */
export const exitCodes = {
  done: 0,
  /** The command could not do what was asked, or found problems. */
  failed: 1,
  /** Wrong use: unknown option, missing argument. */
  usage: 2,
  /** `plan` and `diff`: there are differences. `publish`: a step needs consent. */
  different: 3,
} as const

export interface Outcome {
  readonly code: (typeof exitCodes)[keyof typeof exitCodes]
  /** For `--json`. */
  readonly value: Json
  /** For people. */
  readonly text: string
}

/** Where a command runs: its settings, what it reads, and where it writes. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin: NodeJS.ReadableStream
  readonly stdout: NodeJS.WritableStream
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean }
}

/** Writes an outcome to standard output. */
export function report({ stdout }: Terminal, outcome: Outcome, json: boolean): void {
  const text = json ? JSON.stringify(outcome.value, null, 2) : outcome.text
  if (text !== '') stdout.write(`${text}\n`)
}

/** Progress and warnings go to standard error, so that standard output stays what was asked for. */
export const note = ({ stderr }: Terminal, text: string): void => void stderr.write(`${text}\n`)

/** Columns of text, aligned. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((all, row) => row.map((cell, i) => Math.max(all[i] ?? 0, cell.length)), [])
  return rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ').trimEnd()).join('\n')
}
