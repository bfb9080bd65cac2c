/** Sends what is due, tries again what did not arrive, gives up in the end, and pauses a webhook that nothing reaches for long. */
import { Problem } from '../../errors.js'
import { deliveryDue, endAttempt, forgetDeliveries, takeDeliveries, type StoredDelivery } from '../../storage/own/deliveries.js'
import { noteFailing, pauseWebhook, webhookById, type StoredWebhook } from '../../storage/own/webhooks.js'
import { systemText } from '../../forms/texts.js'
import type { Engine } from '../call.js'
import { onCommitted } from '../changes/feed.js'
import { notify } from '../notifications/tell.js'
import { languagesOf } from '../people/languages.js'
import { outboundLimits } from '../outbound/request.js'
import { sendWebhook } from '../outbound/webhook.js'
import { webhookSecret } from '../secrets/secrets.js'
import { unseal } from '../secrets/vault.js'
import { followForWebhooks, ownerCall } from './follow.js'
import { messageOf } from './message.js'

const [second, minute, hour] = [1_000, 60_000, 3_600_000]
/** Pauses before the second, third ... attempt: three days in all. */
const pauses = [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour]
/** A webhook that nothing reaches for so long is paused. */
const failingMost = 3 * 24 * hour
/** Until when a message is held that is being sent: longer than a call may take. */
const lease = outboundLimits.milliseconds + 20 * second
/** Messages that are sent at the same time, and of one webhook: a slow one does not keep the others waiting. */
const [sendingMost, ofOneMost] = [16, 4]
const keptMilliseconds = 30 * 24 * hour
const lookMilliseconds = second

export interface Outcome {
  readonly arrived: boolean
  readonly status: number | null
  readonly error: string | null
  /** The other side said that there will never be anybody. */
  readonly gone: boolean
  /** It cannot arrive, however often it is tried. */
  readonly hopeless: boolean
}

/** Sends a message now and tells what came of it; keeps nothing. */
export async function sendNow(engine: Engine, webhook: StoredWebhook, event: StoredDelivery['event'], at: Date): Promise<Outcome> {
  const failed = (error: string, more: Partial<Outcome> = {}): Outcome => ({ arrived: false, status: null, error, gone: false, hopeless: false, ...more })
  const call = await ownerCall(engine, webhook.owner, at)
  if (call === null) return failed('Its owner is archived or blocked', { hopeless: true })
  const message = await messageOf(call, event)
  if (message === null) return failed('Its owner may not read the record', { hopeless: true })
  try {
    const status = await sendWebhook(engine.outbound, secretsOf(engine, webhook, at), { ...message, url: webhook.url, sentAt: at })
    return { arrived: true, status, error: null, gone: false, hopeless: false }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const status = typeof error.extra['answered'] === 'number' ? error.extra['answered'] : null
    return failed(error.message, { status, gone: status === 410 })
  }
}

/** The present secret, and the one before until it is retired. */
function secretsOf({ vault }: Engine, { secret, former, retiredAt }: StoredWebhook, at: Date): readonly string[] {
  const both = former !== null && retiredAt !== null && Date.parse(retiredAt) > at.getTime() ? [secret, former] : [secret]
  return both.map((sealed) => unseal(vault, sealed, webhookSecret))
}

const paused = { gone: 'The webhook “{name}” was paused: the other side says that it is gone.', failing: 'The webhook “{name}” was paused: nothing has arrived there for three days.' } as const

const pausedText = (reason: keyof typeof paused, name: string, locale: string): string => systemText(`webhook.${reason}`, locale, paused[reason]).replace('{name}', () => name)

async function attempt(engine: Engine, delivery: StoredDelivery, at: Date): Promise<void> {
  const webhook = await webhookById(engine.database.read, delivery.webhook)
  if (webhook === null) return
  const outcome = await sendNow(engine, webhook, delivery.event, at)
  const pause = outcome.gone || outcome.hopeless ? undefined : pauses[delivery.attempts - 1]
  const due = outcome.arrived || pause === undefined ? null : new Date(at.getTime() + pause * (1 + Math.random() / 10))
  await engine.database.write(async (tx) => {
    await endAttempt(tx, delivery, { ...outcome, state: outcome.arrived ? 'delivered' : due === null ? 'dead' : 'waiting', due }, at)
    if (outcome.hopeless) return
    await noteFailing(tx, webhook.id, outcome.arrived ? null : at)
    const failingSince = webhook.failingAt === null ? at.getTime() : Date.parse(webhook.failingAt)
    const reason = outcome.gone ? 'gone' : !outcome.arrived && at.getTime() - failingSince > failingMost ? 'failing' : null
    if (reason === null || !(await pauseWebhook(tx, webhook.id, reason, at))) return
    engine.log.warn({ webhook: webhook.id, reason }, 'a webhook was paused')
    const model = engine.current.get()
    const locale = (await languagesOf(tx, model, [webhook.owner], at)).get(webhook.owner) ?? model.language
    await notify(tx, { texts: new Map([[webhook.owner, pausedText(reason, webhook.name, locale)]]), cause: `webhook ${String(webhook.id)} ${at.toISOString()}` }, null, at)
  })
}

/** Sends messages of this process, several at once. */
class Deliverer {
  private readonly sending = new Map<number, Set<Promise<void>>>()
  /** Somebody is told of changes. */
  active = true

  constructor(private readonly engine: Engine) {}

  private get all(): readonly Promise<void>[] {
    return [...this.sending.values()].flatMap((some) => [...some])
  }

  /** Follows changes, and begins to send what is due at `at` as far as there are hands; `again` is called when it is worth another look. Gives how many messages. */
  async begin(at: Date, again: () => void = () => undefined): Promise<number> {
    const { database } = this.engine
    let followed = await followForWebhooks(this.engine, at)
    while (followed === 'more') followed = await followForWebhooks(this.engine, at)
    this.active = followed !== 'nobody'
    const free = sendingMost - this.all.length
    if (!this.active || free <= 0 || !(await deliveryDue(database.read, at))) return 0
    const busy = [...this.sending].filter(([, some]) => some.size >= ofOneMost).map(([id]) => id)
    const taken = await database.write((tx) => takeDeliveries(tx, busy, Math.min(free, ofOneMost), at, new Date(at.getTime() + lease)))
    for (const delivery of taken) this.send(delivery, at, again)
    if (taken.length > 0) again() // there may be more
    return taken.length
  }

  private send(delivery: StoredDelivery, at: Date, again: () => void): void {
    const some = this.sending.get(delivery.webhook) ?? new Set()
    this.sending.set(delivery.webhook, some)
    const work: Promise<void> = attempt(this.engine, delivery, at)
      .catch((error: unknown) => this.engine.log.warn({ err: error, delivery: delivery.id }, 'what came of a message could not be kept; it is sent again'))
      .finally(() => {
        some.delete(work)
        again()
      })
    some.add(work)
  }

  /** Waits until nothing is being sent. */
  async idle(): Promise<void> {
    while (this.all.length > 0) await Promise.all(this.all)
  }
}

/** Sends everything that is due at `at`. Gives how many messages. */
export async function deliverDue(engine: Engine, at: Date): Promise<number> {
  const deliverer = new Deliverer(engine)
  let sent = 0
  for (let some = 1; some > 0; sent += some) {
    some = await deliverer.begin(at)
    await deliverer.idle()
  }
  return sent
}

/** Forgets what is long over. */
async function forget({ database }: Engine, at: Date): Promise<void> {
  await database.write((tx) => forgetDeliveries(tx, new Date(at.getTime() - keptMilliseconds)))
}

const wakers = new WeakMap<Engine['database'], Set<() => void>>()

/** Somebody is told of changes from now on, or something is due: it is not waited for the next look. */
export function wakeWebhooks({ database }: Engine): void {
  for (const wake of wakers.get(database) ?? []) wake()
}

/** Sends as soon as something was committed here, and looks for what others committed; the returned function ends that. */
export function beginDelivering(engine: Engine): () => Promise<void> {
  const deliverer = new Deliverer(engine)
  const state = { looking: undefined as Promise<unknown> | undefined, again: false, stopped: false }
  const look = (): void => {
    if (state.stopped) return
    if (state.looking !== undefined) return void (state.again = true)
    state.looking = deliverer.begin(new Date(), look)
      .catch((error: unknown) => engine.log.warn({ err: error }, 'webhooks could not be looked for; they are looked for again'))
      .finally(() => {
        state.looking = undefined
        if (!state.again) return
        state.again = false
        look()
      })
  }
  const known = wakers.get(engine.database) ?? new Set()
  wakers.set(engine.database, known.add(look))
  const end = onCommitted(engine.database, () => (deliverer.active ? look() : undefined))
  const timers = [setInterval(look, lookMilliseconds), setInterval(() => void forget(engine, new Date()).catch(() => undefined), hour)].map((timer) => timer.unref())
  return async () => {
    state.stopped = true
    known.delete(look)
    end()
    timers.forEach(clearInterval)
    await state.looking
    await deliverer.idle()
  }
}
