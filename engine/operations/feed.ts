/**
 * What happens, as it happens: tells subscribers that records changed, from the append-only table of changes, so that
 * no writer has to know who listens. `announce` and the database's notifications only make it faster.
 */
import type { Database } from '../storage/contract.js'
import { latestSequence, since, type Change } from '../storage/changes.js'

export type { Change } from '../storage/changes.js'

/** How long a change of another process may stay unnoticed when no hint comes. */
const pollMilliseconds = 2_000
/** Changes that are read at once; more are read in the next round. */
const batch = 1_000
/** Units commit in another order than they took their numbers: so many numbers back are looked at again. */
const overlap = 200

type Listener = (changes: readonly Change[]) => void

interface Feed {
  readonly listeners: Set<Listener>
  timer: NodeJS.Timeout | undefined
  /** Highest number that was seen. */
  position: number
  /** The numbers around it that were seen. */
  readonly seen: Set<number>
  reading: Promise<void> | undefined
  again: boolean
}

const feeds = new WeakMap<Database, Feed>()

/** Something was committed in this process: subscribers hear of it without waiting for the next look. */
export function announce(database: Database): void {
  const feed = feeds.get(database)
  if (feed !== undefined && feed.listeners.size > 0) void look(database, feed)
}

/** Calls `listener` with the changes from now on, in order; the returned function ends that. */
export async function subscribe(database: Database, listener: Listener): Promise<() => void> {
  const feed = feedOf(database)
  if (feed.listeners.size === 0) {
    feed.position = await latestSequence(database.read)
    remember(feed, await since(database.read, Math.max(0, feed.position - overlap), batch))
  }
  feed.listeners.add(listener)
  feed.timer ??= setInterval(() => void look(database, feed), pollMilliseconds).unref()
  return () => {
    feed.listeners.delete(listener)
    if (feed.listeners.size > 0) return
    clearInterval(feed.timer)
    feed.timer = undefined
  }
}

function feedOf(database: Database): Feed {
  const known = feeds.get(database)
  if (known !== undefined) return known
  const made: Feed = { listeners: new Set(), timer: undefined, position: 0, seen: new Set(), reading: undefined, again: false }
  feeds.set(database, made)
  return made
}

/** One reader at a time; a hint while it reads makes it read once more. */
function look(database: Database, feed: Feed): Promise<void> {
  if (feed.reading !== undefined) {
    feed.again = true
    return feed.reading
  }
  feed.reading = read(database, feed)
    .catch(() => undefined) // the database is away: the next look finds what was missed
    .finally(() => {
      feed.reading = undefined
      if (feed.again) {
        feed.again = false
        void look(database, feed)
      }
    })
  return feed.reading
}

async function read(database: Database, feed: Feed): Promise<void> {
  const rows = await since(database.read, Math.max(0, feed.position - overlap), batch)
  const fresh = rows.filter((change) => !feed.seen.has(change.seq))
  remember(feed, rows)
  if (fresh.length > 0) for (const listener of feed.listeners) listener(fresh)
  if (rows.length === batch) feed.again = true
}

function remember(feed: Feed, rows: readonly Change[]): void {
  for (const { seq } of rows) {
    feed.seen.add(seq)
    feed.position = Math.max(feed.position, seq)
  }
  for (const seq of feed.seen) if (seq <= feed.position - 2 * overlap) feed.seen.delete(seq)
}
