/** A progress bar for long jobs: one line that is rewritten on a terminal, a line per tenth elsewhere. */
import type { Terminal } from './output.js'

export interface Progress {
  readonly done: number
  readonly total: number
  /** What is being worked on; '' when there is nothing to name. */
  readonly entity: string
}

const barWidth = 30

/** `[##########--------------------]  34 %  117,000 of 347,635  purchase` */
export function progressLine({ done, total, entity }: Progress): string {
  const share = total === 0 ? 1 : done / total
  const filled = Math.floor(share * barWidth)
  const count = (rows: number): string => rows.toLocaleString('en-US')
  const bar = '#'.repeat(filled) + '-'.repeat(barWidth - filled)
  return `[${bar}] ${String(Math.floor(share * 100)).padStart(3)} %  ${count(done)} of ${count(total)}  ${entity}`.trimEnd()
}

/** Gives a function that tells a stream of progress. */
export function progressBar(stream: Terminal['stderr']): (progress: Progress) => void {
  let tenth = -1
  return (progress) => {
    const finished = progress.done >= progress.total
    if (stream.isTTY === true) {
      stream.write(`\r\u001b[K${progressLine(progress)}${finished ? '\n' : ''}`)
      return
    }
    const now = Math.floor((progress.done / Math.max(1, progress.total)) * 10)
    if (now === tenth) return
    tenth = now
    stream.write(`${progressLine(progress)}\n`)
  }
}
