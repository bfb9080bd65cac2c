/** What people wait for: questions that took long and go through all records, by the fields that an index would be of use for. */
import type { Predicate } from '../../model/conditions/predicate.js'
import type { Entity, Field } from '../../model/model.js'
import { unindexedInQuestion } from '../../model/unindexed.js'

export interface SlowQuestion {
  readonly entity: string
  /** Keys, in the order of the question: what it is sorted by, what it is narrowed by. */
  readonly fields: readonly string[]
  readonly times: number
  readonly longestMilliseconds: number
  readonly lastAt: Date
}

/** A question about many records. */
interface Asked {
  readonly entity: Entity
  readonly rows: Predicate
  /** What the answer is ordered by. */
  readonly order: readonly Field[]
}

/** More different ones than anybody looks at; the one that was not asked for longest makes room. */
const keptMost = 200

/** Kept in memory, since the start of the process: what is slow is asked again, and nothing is written for a question. */
export class SlowQuestions {
  readonly #kept = new Map<string, SlowQuestion>()

  /** @param from milliseconds from which a question is slow */
  constructor(private readonly from: number) {}

  /** Runs the question and notes that it took long, also when it was broken off for that. */
  async watch<T>(asked: Asked, run: () => Promise<T>): Promise<T> {
    const begun = performance.now()
    try {
      return await run()
    } finally {
      const took = performance.now() - begun
      if (took >= this.from) this.#note(asked, took)
    }
  }

  /** The slowest first. */
  get told(): readonly SlowQuestion[] {
    return [...this.#kept.values()].toSorted((a, b) => b.longestMilliseconds - a.longestMilliseconds)
  }

  #note({ entity, rows, order }: Asked, took: number): void {
    const fields = unindexedInQuestion(entity, rows, order).map(({ key }) => key)
    if (fields.length === 0) return
    const name = [entity.name, ...fields].join(' ')
    const before = this.#kept.get(name)
    this.#kept.delete(name)
    this.#kept.set(name, { entity: entity.name, fields, times: (before?.times ?? 0) + 1, longestMilliseconds: Math.max(before?.longestMilliseconds ?? 0, Math.round(took)), lastAt: new Date() })
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > keptMost && oldest !== undefined) this.#kept.delete(oldest)
  }
}
