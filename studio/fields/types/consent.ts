/** Consent with its evidence: what was said, when, how, and to which text. */
import { html } from 'lit'

import { isObject, type Json } from '../../../metadata/contract/json.js'
import { t, type TextKey } from '../../client/i18n.js'
import { instant } from './instant.js'
import { badge } from '../choices.js'
import { objectOf, partsGroup, withPart, type PartInput } from '../parts-group.js'
import { plain } from '../plain.js'
import type { FieldView, Shown } from '../contract.js'

const colors: Readonly<Record<string, string>> = { granted: 'green', withdrawn: 'red' }
const states = ['granted', 'withdrawn', 'unknown'] as const

const stateText = (state: string): string => (states.some((known) => known === state) ? t(`part.state.${state}` as TextKey) : state)

const stateOptions = { enum: states, options: Object.fromEntries(states.map((state) => [state, { color: colors[state] ?? '' }])) }

/** Whoever says yes or no says it now, until the time is corrected; nobody said anything when it is unknown. */
function changed(value: Json | undefined, name: string, part: Json): Json {
  if (name !== 'state') return withPart(value, name, part)
  if (part === null) return null
  const { at: _at, ...rest } = objectOf(value)
  return part === 'unknown' ? { ...rest, state: part } : { ...rest, state: part, at: new Date().toISOString() }
}

function inputs(value: Json | undefined): readonly PartInput[] {
  const state: PartInput = { name: 'state', type: 'select', width: 'half', options: stateOptions }
  if (objectOf(value)['state'] === undefined) return [state]
  return [state, { name: 'at', type: 'instant', width: 'half' }, { name: 'source', type: 'text', width: 'half' }, { name: 'textVersion', type: 'text', width: 'half' }]
}

/** The evidence in one line: `Jul 1, 2026, 4:30 PM · web form · v3`. */
function evidence(value: Json, shown: Shown): string {
  const { at = null, source, textVersion } = objectOf(value)
  const when = at === null ? '' : instant.text(at, shown)
  return [typeof when === 'string' ? when : '', plain(source), plain(textVersion)].filter((part) => part !== '').join(' · ')
}

const stateOf = (value: Json): string => (isObject(value) ? plain(value['state']) : plain(value))

export const consent: FieldView = {
  type: 'consent',
  icon: 'checkSquare',
  align: 'start',
  columnPx: 120,
  wide: true,
  filters: [],
  input: (slot) => partsGroup(slot, inputs(slot.value), (name, part) => changed(slot.value, name, part)),
  cell: (value, shown) => {
    const state = badge({ value: stateOf(value), label: stateText(stateOf(value)), color: colors[stateOf(value)] ?? '' })
    return shown.record === undefined ? html`${state} <span class="quiet">${evidence(value, shown)}</span>` : html`<span title=${evidence(value, shown)}>${state}</span>`
  },
  text: (value, shown) => [stateText(stateOf(value)), evidence(value, shown)].filter((part) => part !== '').join(' · '),
}
