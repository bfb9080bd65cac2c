/** Work that is asked for again and again, done one turn after the other. */
export class Turns {
  private turn: Promise<void> | undefined
  private asked = false
  private ended = false
  private began = 0
  private timer: NodeJS.Timeout | undefined

  /**
   * @param work takes everything that is there to do; does not throw
   * @param pause from the beginning of a turn to that of the next one, at least. Milliseconds
   */
  constructor(
    private readonly work: () => Promise<void>,
    private readonly pause = 0,
  ) {}

  /** There is something to do: a turn begins that sees it, now or after the one that is under way. */
  ask(): void {
    if (this.ended || this.timer !== undefined) return
    if (this.turn !== undefined) {
      this.asked = true
      return
    }
    const wait = this.began + this.pause - performance.now()
    if (wait <= 0) this.begin()
    else this.timer = setTimeout(() => this.begin(), wait)
  }

  /** No turn begins any more; waits for the one that is under way. */
  async end(): Promise<void> {
    this.ended = true
    clearTimeout(this.timer)
    await this.turn
  }

  private begin(): void {
    this.timer = undefined
    this.began = performance.now()
    this.turn = this.work().finally(() => {
      this.turn = undefined
      if (!this.asked) return
      this.asked = false
      this.ask()
    })
  }
}
