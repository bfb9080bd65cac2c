/** While a record is typed: what rules will set when it is saved, said at the fields. The engine computes; nothing that was typed is changed. */
import type { ReactiveController, ReactiveControllerHost } from 'lit'

import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { t } from '../client/i18n.js'
import { fieldOf } from '../client/model.js'
import type { Surroundings } from '../fields/contract.js'
import { viewOf } from '../fields/index.js'
import { changes, type FormState } from './form-state.js'

const typingPauseMs = 400

/** What is typed, and where. */
export interface TypedRecord {
  readonly client: Client
  readonly entity: UiEntity
  /** Null for a record that is not there yet. */
  readonly id: number | null
  readonly form: FormState
  readonly surroundings: Surroundings
}

export class RuleNotes implements ReactiveController {
  readonly #host: ReactiveControllerHost
  #asked = ''
  #timer: number | undefined
  #request: AbortController | null = null
  /** Sentences by field key. */
  notes: Readonly<Record<string, string>> = {}

  constructor(host: ReactiveControllerHost) {
    this.#host = host
    host.addController(this)
  }

  hostDisconnected(): void {
    window.clearTimeout(this.#timer)
    this.#request?.abort()
  }

  /** To be called whenever the record may have changed under the hands; asks once for each state of it. */
  at(typed: TypedRecord): void {
    if (typed.entity.ruled === undefined) return
    const values = sent(typed)
    const asked = `${typed.entity.name} ${String(typed.id)} ${JSON.stringify(values)}`
    if (asked === this.#asked) return
    this.#asked = asked
    window.clearTimeout(this.#timer)
    this.#request?.abort()
    if (Object.keys(values).length === 0) this.#say({})
    else this.#timer = window.setTimeout(() => void this.#ask(typed, values), typingPauseMs)
  }

  async #ask({ client, entity, id, surroundings }: TypedRecord, values: JsonObject): Promise<void> {
    const request = new AbortController()
    this.#request = request
    try {
      const set = await client.records.wouldSet(entity.name, values, id, request.signal)
      const notes = await Promise.all(Object.entries(set).map(async ([key, value]): Promise<readonly [string, string]> => {
        const field = fieldOf(entity, key)
        if (field === undefined || value === null) return [key, t('rules.willEmpty')]
        return [key, t('rules.willSet', { value: await viewOf(field.type).text(value, { ...surroundings, field }) })]
      }))
      if (!request.signal.aborted) this.#say(Object.fromEntries(notes))
    } catch {
      // Saving does what the rules say, whether it was told before or not.
      if (!request.signal.aborted) this.#say({})
    }
  }

  #say(notes: Readonly<Record<string, string>>): void {
    if (JSON.stringify(notes) === JSON.stringify(this.notes)) return
    this.notes = notes
    this.#host.requestUpdate()
  }
}

/** Of a new record all that it has, of a stored one what was changed; nothing that the person may not set. */
const sent = ({ entity, id, form }: TypedRecord): JsonObject =>
  Object.fromEntries(Object.entries(id === null ? form.values : changes(form)).filter(([key]) => {
    const field = fieldOf(entity, key)
    return field !== undefined && field.lines === undefined && (id === null ? field.createable : field.updateable)
  }))
