/** Problems of single rows, told together: the first one's code with everybody's findings. */
import { Problem, type Finding } from '../../errors.js'

const findingsMax = 100

export class Faults {
  private first: Problem | undefined
  private readonly findings: Finding[] = []

  /** Does the work; a Problem with findings is kept for the report, everything else ends it. */
  collect(work: () => unknown): void {
    try {
      work()
    } catch (error) {
      this.add(error)
    }
  }

  add(error: unknown): void {
    if (!(error instanceof Problem) || error.problems.length === 0) throw error
    this.first ??= error
    this.findings.push(...error.problems)
  }

  /** @throws Problem when there was one */
  report(): void {
    if (this.first === undefined) return
    throw this.first.withFindings(this.findings.slice(0, findingsMax))
  }
}
