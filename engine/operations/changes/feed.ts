/**
 * What happens, as it happens: tells subscribers that records changed, from the append-only table of changes, so that
 * no writer has to know who listens. `announce` and the database's notifications only make it faster.
 */
import type { Database } from '../../storage/contract.js'
import { latestPosition, since, type Change } from '../../storage/changes.js'
import { latestTold, toldSince } from '../../storage/own/notifications.js'

export type { Change } from '../../storage/changes.js'

/** How long a change of another process may stay unnoticed when no hint comes. */
const pollMilliseconds = 1_000
/** Changes that are read at once; more are read in the next round. */
const batch = 1_000

/** What happened since the last time. */
export interface News {
  readonly changes: readonly Change[]
  /** Users who got a notification. */
  readonly told: ReadonlySet<number>
}

type Listener = (news: News) => void

interface Feed {
  readonly listeners: Set<Listener>
  timer: NodeJS.Timeout | undefined
  /** Behind the last change that was told, and the last notification. */
  position: string
  told: string
  reading: Promise<void> | undefined
  again: boolean
}

const feeds = new WeakMap<Database, Feed>()

const committed = new WeakMap<Database, Set<() => void>>()

/** Calls `hint` when something was committed in this process; the returned function ends that. */
export function onCommitted(database: Database, hint: () => void): () => void {
  const hints = committed.get(database) ?? new Set()
  committed.set(database, hints.add(hint))
  return () => void hints.delete(hint)
}

/** Something was committed in this process: subscribers hear of it without waiting for the next look. */
export function announce(database: Database): void {
  for (const hint of committed.get(database) ?? []) hint()
  const feed = feeds.get(database)
  if (feed !== undefined && feed.listeners.size > 0) void look(database, feed)
}

/** Calls `listener` with what happens from now on, in order; the returned function ends that. */
export async function subscribe(database: Database, listener: Listener): Promise<() => void> {
  const feed = feedOf(database)
  if (feed.listeners.size === 0) [feed.position, feed.told] = await Promise.all([latestPosition(database.read), latestTold(database.read)])
  else await look(database, feed) // what came before goes to those who were there before
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
  const made: Feed = { listeners: new Set(), timer: undefined, position: '', told: '', reading: undefined, again: false }
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
  const [{ changes, position }, told] = await Promise.all([since(database.read, feed.position, batch), toldSince(database.read, feed.told, batch)])
  feed.position = position
  feed.told = told.position
  if (changes.length > 0 || told.users.size > 0) for (const listener of feed.listeners) listener({ changes, told: told.users })
  if (changes.length === batch || told.full) feed.again = true
}
