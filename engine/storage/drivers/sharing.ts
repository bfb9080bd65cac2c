/**
 * Long reads that several ask for at the same moment. A dashboard that thirty people open at nine o'clock costs two
 * runs instead of thirty: whoever asks what is just being read waits for the next run, which begins when this one ends.
 * So nobody is told what was read before they asked, and nothing is kept.
 */
import type { Executor, Row } from '../contract.js'

interface Turn {
  readonly ended: Promise<unknown>
  next: Promise<readonly Row[]> | undefined
}

/** An executor for reads, whose equal questions share their runs. Rows are shared too: nobody changes them. */
export function sharing(x: Executor): Executor {
  const turns = new Map<string, Turn>()
  const begin = (question: string, sql: string, bindings: readonly unknown[]): Promise<readonly Row[]> => {
    const rows = x.all(sql, bindings)
    const turn: Turn = { ended: rows.catch(() => null), next: undefined }
    turns.set(question, turn)
    void turn.ended.then(() => turn.next === undefined && turns.delete(question))
    return rows
  }
  return {
    dialect: x.dialect,
    writing: x.writing,
    all(sql, bindings) {
      const question = JSON.stringify([sql, bindings])
      const turn = turns.get(question)
      if (turn === undefined) return begin(question, sql, bindings)
      turn.next ??= turn.ended.then(() => begin(question, sql, bindings))
      return turn.next
    },
    run: (sql, bindings) => x.run(sql, bindings),
  }
}
