/** What a record page says under its computed values. */
import type { UiEntity } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { computedStates } from '../client/computed.js'
import { stateWords } from './state-words.js'

/** Sentences by field key; none where nothing is computed, and none when they cannot be had: the values are there all the same. */
export async function computedNotes({ api, session }: Client, entity: UiEntity, record: number): Promise<Readonly<Record<string, string>>> {
  if (!entity.fields.some(({ computed }) => computed !== undefined)) return {}
  const states = await computedStates(api, entity.name, record).catch(() => ({}))
  return Object.fromEntries(Object.entries(states).map(([key, state]) => [key, stateWords(state, session.user?.timeZone ?? '')]).filter(([, words]) => words !== ''))
}
