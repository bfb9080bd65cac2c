/** Which of several processes follows changes, segments and the clock, so that the others do not read the same once more. */
import * as runs from '../../storage/own/runs.js'
import type { Engine } from '../call.js'

/** Name of the mark that says who leads. */
const mark = 'lead'
/** Who leads says so this often, in milliseconds. */
const renewMilliseconds = 1_000
/** Who has said nothing for so long leads no more. */
const silentMilliseconds = 3_000

/**
 * The lead of one process. Others see that it goes on because what it says changes, by their own steady clocks: no time of day is compared, so a
 * clock that is put forward or back keeps nobody waiting. It only spares work: what is begun once is guarded by the position that is moved in the same unit, so
 * two processes that lead at the same moment do no harm.
 */
export class Lead {
  /** What was said last, and when that was first seen. */
  private seen: { readonly said: string | null; readonly at: number } | undefined
  private turn = 0

  constructor(
    private readonly engine: Engine,
    private readonly name: string,
    /** Milliseconds of a steady clock. */
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** Does this process lead? Takes the lead when nobody has it, and keeps it while this is asked. One process serves an SQLite file. */
  async holds(): Promise<boolean> {
    const { database } = this.engine
    if (database.dialect === 'sqlite') return true
    const said = await runs.readMark(database.read, mark)
    const now = this.clock()
    if (this.seen?.said !== said) this.seen = { said, at: now }
    const mine = this.isMine(said)
    const silent = now - (this.seen?.at ?? now)
    if (mine ? silent < renewMilliseconds : said !== null && said !== '' && silent < silentMilliseconds) return mine
    return this.say(said)
  }

  /** Gives the lead to whoever asks next. */
  async release(): Promise<void> {
    const { database } = this.engine
    if (database.dialect === 'sqlite' || !this.isMine(this.seen?.said)) return
    const { said = null } = this.seen ?? {}
    await database.write((tx) => runs.moveMark(tx, mark, said, ''))
  }

  private isMine(said: string | null | undefined): boolean {
    return said?.startsWith(`${this.name} `) === true
  }

  private async say(before: string | null): Promise<boolean> {
    this.turn += 1
    const said = `${this.name} ${String(this.turn)}`
    const leads = await this.engine.database.write((tx) => runs.moveMark(tx, mark, before, said))
    if (leads) this.seen = { said, at: this.clock() }
    return leads
  }
}
